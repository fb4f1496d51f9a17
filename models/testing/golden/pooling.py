"""Golden numbers of pooling: python pooling.py, made with PyTorch 2.13.0."""
import torch.nn.functional as F

from recipe import case, write

write(
    __file__,
    [
        case("MaxPool 2x2", {"x": [2, 2, 4, 6]}, lambda x: F.max_pool2d(x, 2)),
        case(
            "MaxPool overlapping, padded, dilated",
            {"x": [1, 2, 7, 8]},
            lambda x: F.max_pool2d(x, 3, stride=(2, 1), padding=(1, 0), dilation=(1, 2)),
        ),
        case(
            "MaxPool ceil mode 1-D",
            {"x": [2, 2, 8]},
            lambda x: F.max_pool1d(x, 3, stride=2, padding=1, ceil_mode=True),
        ),
        case("MaxPool of squares", {"x": [1, 2, 5, 5]}, lambda x: F.max_pool2d(x * x, 3, 2)),
        case("AveragePool 2x2", {"x": [2, 2, 4, 6]}, lambda x: F.avg_pool2d(x, 2)),
        case(
            "AveragePool overlapping, padding not counted",
            {"x": [1, 2, 7, 8]},
            lambda x: F.avg_pool2d(x, (3, 4), stride=(2, 3), padding=(1, 2), count_include_pad=False),
        ),
        case(
            "AveragePool padding counted, ceil mode",
            {"x": [1, 2, 6, 7]},
            lambda x: F.avg_pool2d(x, 3, stride=2, padding=1, ceil_mode=True, count_include_pad=True),
        ),
        case("GlobalAveragePool", {"x": [2, 3, 3, 4]}, lambda x: F.adaptive_avg_pool2d(x, 1)),
        case("GlobalMaxPool", {"x": [2, 3, 3, 4]}, lambda x: F.adaptive_max_pool2d(x, 1)),
    ],
)
