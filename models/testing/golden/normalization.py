"""Golden numbers of the normalisations: python normalization.py, made with PyTorch 2.13.0."""
import torch.nn.functional as F

from recipe import case, write

def by_given_statistics(x, scale, b, mean, root):
    """By formula, for torch has no gradient for the statistics."""
    scale, b, mean, variance = (v[:, None] for v in (scale, b, mean, root * root + 0.5))
    return (x - mean) / (variance + 1e-5).sqrt() * scale + b


write(
    __file__,
    [
        case(
            "BatchNormalization of the batch",
            {"x": [3, 2, 2, 3], "scale": [2], "b": [2]},
            lambda x, scale, b: F.batch_norm(x, None, None, scale, b, training=True, eps=1e-3),
        ),
        case(
            "BatchNormalization by given statistics",
            {"x": [3, 2, 4], "scale": [2], "b": [2], "mean": [2], "root": [2]},
            by_given_statistics,
        ),
        case(
            "LayerNormalization",
            {"x": [2, 3, 4], "scale": [3, 4], "b": [3, 4]},
            lambda x, scale, b: F.layer_norm(x, [3, 4], scale, b, eps=1e-2),
        ),
        case(
            "GroupNormalization",
            {"x": [2, 6, 2, 2], "scale": [6], "b": [6]},
            lambda x, scale, b: F.group_norm(x, 3, scale, b),
        ),
        case(
            "InstanceNormalization",
            {"x": [2, 3, 2, 4], "scale": [3], "b": [3]},
            lambda x, scale, b: F.instance_norm(x, weight=scale, bias=b),
        ),
        case("LpNormalization p=2", {"x": [3, 4]}, lambda x: F.normalize(x, p=2, dim=-1)),
        case("LpNormalization p=1", {"x": [3, 4]}, lambda x: F.normalize(x, p=1, dim=0)),
    ],
)
