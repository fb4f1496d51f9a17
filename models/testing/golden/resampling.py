"""Golden numbers of Resize: python resampling.py, made with PyTorch 2.13.0."""
import torch.nn.functional as F

from recipe import case, write


def resize(**options):
    return lambda x: F.interpolate(x, **options)


write(
    __file__,
    [
        case("nearest x2", {"x": [1, 2, 3, 2]}, resize(scale_factor=2, mode="nearest")),
        case("nearest-exact to 7 x 5", {"x": [1, 2, 4, 3]}, resize(size=(7, 5), mode="nearest-exact")),
        case("nearest to 2 x 7", {"x": [1, 2, 5, 3]}, resize(size=(2, 7), mode="nearest")),
        case("linear x2", {"x": [1, 2, 3, 4]}, resize(scale_factor=2, mode="bilinear")),
        case("linear, corners aligned", {"x": [1, 2, 3, 4]}, resize(size=(5, 3), mode="bilinear", align_corners=True)),
        case("linear 1-D, smaller", {"x": [2, 2, 7]}, resize(size=3, mode="linear")),
        case("linear to 1 x 5", {"x": [1, 2, 4, 3]}, resize(size=(1, 5), mode="bilinear")),
    ],
)
