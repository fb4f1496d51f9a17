"""Golden numbers of the convolutions: python convolution.py, made with PyTorch 2.13.0."""
import torch.nn.functional as F

from recipe import case, write


def pad(x, pads):
    return F.pad(x, pads)  # last axis first: (left, right, top, bottom)


write(
    __file__,
    [
        case(
            "Conv 3x3",
            {"x": [2, 3, 5, 4], "w": [4, 3, 3, 3], "b": [4]},
            lambda x, w, b: F.conv2d(x, w, b, padding=1),
        ),
        case(
            "Conv stride 2 with rest, asymmetric pads, dilation",
            {"x": [1, 2, 8, 7], "w": [3, 2, 3, 2], "b": [3]},
            lambda x, w, b: F.conv2d(pad(x, (2, 0, 0, 1)), w, b, stride=(2, 3), dilation=(1, 2)),
        ),
        case(
            "Conv groups",
            {"x": [2, 4, 5, 5], "w": [6, 2, 3, 3], "b": [6]},
            lambda x, w, b: F.conv2d(x, w, b, stride=2, groups=2),
        ),
        case(
            "Conv depthwise 1-D",
            {"x": [2, 3, 9], "w": [3, 1, 4], "b": [3]},
            lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=1, groups=3),
        ),
        case(
            "ConvTranspose stride 2",
            {"x": [2, 3, 3, 4], "w": [3, 2, 4, 4], "b": [2]},
            lambda x, w, b: F.conv_transpose2d(x, w, b, stride=2, padding=1),
        ),
        case(
            "ConvTranspose output padding, groups, dilation",
            {"x": [1, 4, 3, 2], "w": [4, 3, 3, 2], "b": [6]},
            lambda x, w, b: F.conv_transpose2d(
                x, w, b, stride=(2, 3), padding=(1, 0), output_padding=(1, 2), groups=2, dilation=(1, 2)
            ),
        ),
    ],
)
