"""Writes layers.json, losses.json (results and gradients) and training.json (optimisers, schedules, clipping, running statistics).

Run: python models/testing/golden/training.py   (made with torch 2.13.0, double precision)
"""
import json
import pathlib

import torch
import torch.nn.functional as F
from torch.func import functional_call

from recipe import case, rounded, wave

HERE = pathlib.Path(__file__).parent


def write(name, cases):
    (HERE / f"{name}.json").write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")


def layer(name, dims, function):
    """Weights are called `l.NAME` as in the network; the function gets them as a dictionary without the prefix."""
    return case(name, dims, lambda **v: function({key.removeprefix("l."): value for key, value in v.items()}))


def heads(x, count):
    return x.unflatten(-1, (count, -1)).transpose(1, 2)  # [B, T, width] -> [B, heads, T, d]


def attend(q, k, v, causal=False):
    return F.scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2).flatten(2)


def self_attention(v, causal):
    q, k, w = F.linear(v["x"], v["qkv.weight"], v["qkv.bias"]).chunk(3, -1)
    return F.linear(attend(heads(q, 2), heads(k, 2), heads(w, 2), causal), v["out.weight"], v["out.bias"])


def cross_attention(v):
    q = F.linear(v["x"], v["query.weight"], v["query.bias"])
    k, w = F.linear(v["context"], v["kv.weight"], v["kv.bias"]).chunk(2, -1)
    return F.linear(attend(heads(q, 2), heads(k, 2), heads(w, 2)), v["out.weight"], v["out.bias"])


def recurrent(module, order):
    """PyTorch's own module with the weights in its order of gates: an LSTM's i, f, g, o from i, o, f, c; a GRU's r, z, n from z, r, h."""

    def run(v):
        reorder = lambda w: torch.cat([w.chunk(len(order))[k] for k in order])
        bias_ih, bias_hh = v["bias"].chunk(2)
        weights = {"weight_ih": v["weight_ih"], "weight_hh": v["weight_hh"], "bias_ih": bias_ih, "bias_hh": bias_hh}
        suffix = "_l0" if hasattr(module, "weight_ih_l0") else ""
        start = [v[name] for name in ("h", "c") if name in v]
        inputs = (v["x"],) if not start else (v["x"], tuple(start) if len(start) > 1 else start[0])
        result = functional_call(module, {name + suffix: reorder(w) for name, w in weights.items()}, inputs)
        if isinstance(result, torch.Tensor):
            return result
        return torch.cat(result) if start else result[0]

    return run


def residual(v):
    norm = lambda x, n: F.silu(F.group_norm(x, 2, v[f"{n}.weight"], v[f"{n}.bias"]))
    conv = lambda x, n, p: F.conv2d(x, v[f"{n}.weight"], v[f"{n}.bias"], padding=p)
    return conv(norm(conv(norm(v["x"], "norm1"), "conv1", 1), "norm2"), "conv2", 1) + conv(v["x"], "skip", 0)


GATES = {"x": [2, 3], "h": [2, 4]}
images = {"x": [2, 4, 5, 4]}
norm = {"l.weight": [4], "l.bias": [4]}
layers = [
    layer("dense", {"x": [3, 4], "l.weight": [2, 4], "l.bias": [2]}, lambda v: F.linear(v["x"], v["weight"], v["bias"])),
    layer("dense, rank 3", {"x": [2, 3, 4], "l.weight": [2, 4], "l.bias": [2]}, lambda v: F.linear(v["x"], v["weight"], v["bias"])),
    layer("dense without bias", {"x": [3, 4], "l.weight": [2, 4]}, lambda v: F.linear(v["x"], v["weight"])),
    layer("conv2d", images | {"l.weight": [6, 2, 3, 3], "l.bias": [6]}, lambda v: F.conv2d(v["x"], v["weight"], v["bias"], 2, 1, 1, 2)),
    layer("conv1d", {"x": [2, 3, 7], "l.weight": [4, 3, 3], "l.bias": [4]}, lambda v: F.conv1d(v["x"], v["weight"], v["bias"], 2, 2, 2)),
    layer("convTranspose2d", images | {"l.weight": [4, 3, 4, 4], "l.bias": [3]}, lambda v: F.conv_transpose2d(v["x"], v["weight"], v["bias"], 2, 1)),
    layer("embedding", {"l.weight": [5, 3]}, lambda v: F.embedding(torch.tensor([[0, 4, 2], [2, 2, 1]]), v["weight"])),
    layer("layerNorm", {"x": [2, 3, 4]} | norm, lambda v: F.layer_norm(v["x"], [4], v["weight"], v["bias"])),
    layer("rmsNorm", {"x": [2, 3, 4], "l.weight": [4]}, lambda v: F.rms_norm(v["x"], [4], v["weight"], 1e-6)),
    layer("groupNorm", images | norm, lambda v: F.group_norm(v["x"], 2, v["weight"], v["bias"])),
    layer("batchNorm", images | norm, lambda v: F.batch_norm(v["x"], None, None, v["weight"], v["bias"], True)),
    layer("batchNorm, not training", images | norm, lambda v: F.batch_norm(v["x"], torch.zeros(4), torch.ones(4), v["weight"], v["bias"])),
    *(
        layer(name, {"x": [2, 3, 4], "l.qkv.weight": [12, 4], "l.qkv.bias": [12], "l.out.weight": [4, 4], "l.out.bias": [4]}, lambda v, c=causal: self_attention(v, c))
        for name, causal in (("selfAttention", False), ("causalSelfAttention", True))
    ),
    layer(
        "crossAttention",
        {"x": [2, 3, 4], "context": [2, 5, 6], "l.query.weight": [4, 4], "l.query.bias": [4], "l.kv.weight": [8, 6], "l.kv.bias": [8], "l.out.weight": [4, 4], "l.out.bias": [4]},
        cross_attention,
    ),
    layer("lstm", {"x": [3, 2, 3], "l.weight_ih": [16, 3], "l.weight_hh": [16, 4], "l.bias": [32]}, recurrent(torch.nn.LSTM(3, 4), [0, 2, 3, 1])),
    layer("gru", {"x": [3, 2, 3], "l.weight_ih": [12, 3], "l.weight_hh": [12, 4], "l.bias": [24]}, recurrent(torch.nn.GRU(3, 4), [1, 0, 2])),
    layer("lstmCell", GATES | {"c": [2, 4], "l.weight_ih": [16, 3], "l.weight_hh": [16, 4], "l.bias": [32]}, recurrent(torch.nn.LSTMCell(3, 4), [0, 2, 3, 1])),
    layer("gruCell", GATES | {"l.weight_ih": [12, 3], "l.weight_hh": [12, 4], "l.bias": [24]}, recurrent(torch.nn.GRUCell(3, 4), [1, 0, 2])),
    layer(
        "residualBlock",
        {"x": [1, 4, 3, 4], "l.norm1.weight": [4], "l.norm1.bias": [4], "l.conv1.weight": [2, 4, 3, 3], "l.conv1.bias": [2], "l.norm2.weight": [2], "l.norm2.bias": [2], "l.conv2.weight": [2, 2, 3, 3], "l.conv2.bias": [2], "l.skip.weight": [2, 4, 1, 1], "l.skip.bias": [2]},
        residual,
    ),
    layer("upsample2d", {"x": [1, 2, 2, 3]}, lambda v: F.interpolate(v["x"], scale_factor=3)),
    layer("downsample2d", {"x": [1, 2, 4, 6]}, lambda v: F.avg_pool2d(v["x"], 2)),
]
write("layers", layers)

LABELS = torch.tensor([2, 0, 4, 4])


def r1(x, w):
    scores = torch.tanh(x @ w)
    (gradient,) = torch.autograd.grad(scores.sum(), x, create_graph=True)
    return (gradient**2).sum() / len(x)


two = {"a": [3, 4], "b": [3, 4]}
rows = {"logits": [4, 5]}
losses = [
    case("crossEntropy", rows, lambda logits: F.cross_entropy(logits, LABELS)),
    case("crossEntropy, sum", rows, lambda logits: F.cross_entropy(logits, LABELS, reduction="sum")),
    case("crossEntropy, smoothed", rows, lambda logits: F.cross_entropy(logits, LABELS, label_smoothing=0.1)),
    case("crossEntropy, logits of 100", rows, lambda logits: F.cross_entropy(100 * logits, LABELS)),
    case("binaryCrossEntropy", two, lambda a, b: F.binary_cross_entropy_with_logits(a, b**2)),
    case("binaryCrossEntropy, logits of 100", two, lambda a, b: F.binary_cross_entropy_with_logits(100 * a, (b > 0).double() + 0 * b)),
    case("binaryCrossEntropy, sum", two, lambda a, b: F.binary_cross_entropy_with_logits(a, b**2, reduction="sum")),
    case("meanSquaredError", two, lambda a, b: F.mse_loss(a, b)),
    case("meanAbsoluteError", two, lambda a, b: F.l1_loss(a, b)),
    case("huber", two, lambda a, b: F.huber_loss(a, b, delta=0.7)),
    case("gaussianKl", two, lambda a, b: torch.distributions.kl_divergence(torch.distributions.Normal(a, (b / 2).exp()), torch.distributions.Normal(0.0, 1.0)).mean()),
    case("categoricalKl", {"logits": [4, 5], "other": [4, 5]}, lambda logits, other: F.kl_div(F.log_softmax(logits, 1), F.softmax(other, 1), reduction="batchmean")),
    case("hinge, real", {"a": [6]}, lambda a: F.relu(1 - 2 * a).mean()),
    case("hinge, generated", {"a": [6]}, lambda a: F.relu(1 + 2 * a).mean()),
    case("squaredGradientNorm", {"x": [3, 4], "w": [4, 2]}, r1),
]
write("losses", losses)


def after_ten_steps(make):
    """Two weights [2, 3] and [4]; loss sum((a - wave 2)^2) + sum((b - wave 3)^4)."""
    a, b = (wave(d, i).requires_grad_() for i, d in enumerate([[2, 3], [4]]))
    optimizer = make([a, b])
    for _ in range(10):
        optimizer.zero_grad()
        (((a - wave([2, 3], 2)) ** 2).sum() + ((b - wave([4], 3)) ** 4).sum()).backward()
        optimizer.step()
    return {"a": rounded(a), "b": rounded(b)}


O = torch.optim
optimizers = {
    "sgd": lambda p: O.SGD(p, 0.05),
    "sgd, weight decay": lambda p: O.SGD(p, 0.05, weight_decay=0.1),
    "sgd, momentum": lambda p: O.SGD(p, 0.02, momentum=0.9, weight_decay=0.1),
    "sgd, Nesterov": lambda p: O.SGD(p, 0.02, momentum=0.9, nesterov=True),
    "adam": lambda p: O.Adam(p, 0.1),
    "adam, other constants": lambda p: O.Adam(p, 0.1, betas=(0.5, 0.9), eps=0.1),
    "adamW": lambda p: O.AdamW(p, 0.1),
    "adamW, weight decay": lambda p: O.AdamW(p, 0.1, weight_decay=0.3),
    "rmsprop": lambda p: O.RMSprop(p, 0.05),
    "rmsprop, other constants": lambda p: O.RMSprop(p, 0.05, alpha=0.5, eps=0.1),
}


def rates(make, steps=24):
    optimizer = O.SGD([torch.zeros(1, requires_grad=True)], 0.4)
    schedule = make(optimizer)
    result = []
    for _ in range(steps):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return [float(f"{x:.10g}") for x in result]


S = O.lr_scheduler
schedules = {
    "constantRate": lambda o: S.ConstantLR(o, 1.0),
    "stepDecay": lambda o: S.StepLR(o, 5, 0.3),
    "cosine": lambda o: S.CosineAnnealingLR(o, 24, 0.01),
    "oneCycle": lambda o: S.OneCycleLR(o, 0.4, total_steps=25),
    "oneCycle, rise 0.5": lambda o: S.OneCycleLR(o, 0.4, total_steps=24, pct_start=0.5),
    "warmUp": lambda o: S.SequentialLR(o, [S.LinearLR(o, 0.2, 1.0, 4), S.CosineAnnealingLR(o, 20)], [5]),
}


def clipped(limit):
    parts = [torch.nn.Parameter(torch.zeros(d)) for d in ([2, 3], [4])]
    for i, part in enumerate(parts):
        part.grad = wave(part.shape, i)
    torch.nn.utils.clip_grad_norm_(parts, limit)
    return [rounded(part.grad) for part in parts]


running_mean, running_var = torch.zeros(4), torch.ones(4)
for phase in (0, 1):
    F.batch_norm(wave([2, 4, 5, 4], phase), running_mean, running_var, training=True, momentum=0.1)
training = {
    "optimizers": {name: after_ten_steps(make) for name, make in optimizers.items()},
    "schedules": {name: rates(make) for name, make in schedules.items()},
    "clipped": {"0.5": clipped(0.5), "100": clipped(100)},
    "running": {"mean": rounded(running_mean), "variance": rounded(running_var)},
}
(HERE / "training.json").write_text(json.dumps(training) + "\n")
