"""What the recipes share: inputs by formula, so that only results are stored, and the file format that testing/golden.ts reads."""
import json
import pathlib

import torch

torch.set_default_dtype(torch.float64)


def wave(dims, phase):
    """sin(1.7 k + phase) for element k in row-major order: no two neighbours alike, no ties."""
    count = torch.Size(dims).numel()
    return torch.sin(1.7 * torch.arange(count) + phase).reshape(dims)


def case(name, dims, function):
    """Results and gradients of sum(y * wave(y)); input number i is wave(dims, i), a result's weights are wave(..., 9)."""
    inputs = {key: wave(size, i).requires_grad_() for i, (key, size) in enumerate(dims.items())}
    y = function(**inputs)
    (y * wave(y.shape, 9)).sum().backward()
    return {
        "name": name,
        "inputs": dims,
        "y": rounded(y),
        "gradients": {key: rounded(value.grad) for key, value in inputs.items()},
    }


def rounded(tensor):
    return [float(f"{number:.8g}") for number in tensor.detach().flatten().tolist()]


def write(script, cases):
    path = pathlib.Path(script).with_suffix(".json")
    lines = ",\n".join(json.dumps(entry) for entry in cases)
    path.write_text(f"[\n{lines}\n]\n")
    print(f"{path.name}: {len(cases)} cases, PyTorch {torch.__version__}")
