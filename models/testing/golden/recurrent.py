"""Writes recurrent.json: LSTM and GRU by PyTorch in double precision, inputs, results and gradients in ONNX's layout and gate order.

Made with torch 2.13.0:  python models/testing/golden/recurrent.py
The loss whose gradients these are is the sum over the results of result * weight.
"""
import json
from pathlib import Path

import torch

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)
STEPS, BATCH, FEATURES, HIDDEN = 3, 2, 3, 4
# PyTorch has the gates of an LSTM in the order i, f, g, o, ONNX has i, o, f, c; of a GRU r, z, n against z, r, h.
ORDER = {"LSTM": [0, 3, 1, 2], "GRU": [1, 0, 2]}


def tensor(value):
    return {"dtype": "float32", "dims": list(value.shape), "data": [float(f"{x:.8g}") for x in value.detach().flatten().tolist()]}


def case(op, bidirectional, with_bias, with_states):
    module = getattr(torch.nn, op)(FEATURES, HIDDEN, bidirectional=bidirectional, bias=with_bias)
    directions = ["", "_reverse"] if bidirectional else [""]
    for parameter in module.parameters():
        parameter.data = torch.randn(parameter.shape).round(decimals=3)

    def onnx_order(name, of=lambda p: p):
        parts = [of(getattr(module, f"{name}_l0{d}")).unflatten(0, (len(ORDER[op]), HIDDEN)) for d in directions]
        return torch.stack([part[ORDER[op]].flatten(0, 1) for part in parts])

    x = torch.randn(STEPS, BATCH, FEATURES).round(decimals=3).requires_grad_()
    states = [torch.randn(len(directions), BATCH, HIDDEN).round(decimals=3).requires_grad_() for _ in range(2 if op == "LSTM" else 1)]
    start = (tuple(states) if op == "LSTM" else states[0]) if with_states else None
    y, last = module(x, start)
    results = [y.unflatten(2, (len(directions), HIDDEN)).transpose(1, 2), *(last if op == "LSTM" else [last])]
    weights = [torch.randn(result.shape).round(decimals=3) for result in results]
    sum((result * weight).sum() for result, weight in zip(results, weights)).backward()

    inputs = {"X": (x, x.grad)}
    gradient = lambda p: p.grad
    inputs["W"] = (onnx_order("weight_ih"), onnx_order("weight_ih", gradient))
    inputs["R"] = (onnx_order("weight_hh"), onnx_order("weight_hh", gradient))
    if with_bias:
        names = ["bias_ih", "bias_hh"]
        inputs["B"] = tuple(torch.cat([onnx_order(n, of) for n in names], dim=1) for of in (lambda p: p, gradient))
    if with_states:
        for name, state in zip(["initial_h", "initial_c"], states):
            inputs[name] = (state, state.grad)
    attributes = {"hidden_size": HIDDEN, "direction": "bidirectional" if bidirectional else "forward"}
    if op == "GRU":
        attributes["linear_before_reset"] = 1
    return {
        "op": op,
        "attributes": attributes,
        "inputs": {name: tensor(value) for name, (value, _) in inputs.items()},
        "gradients": {name: tensor(value) for name, (_, value) in inputs.items()},
        "outputs": [tensor(result) for result in results],
        "weights": [tensor(weight) for weight in weights],
    }


cases = [case(op, *facts) for op in ("LSTM", "GRU") for facts in ((False, False, False), (True, True, True))]
Path(__file__).with_name("recurrent.json").write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
