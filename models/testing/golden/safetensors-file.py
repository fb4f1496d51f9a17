"""Writes safetensors.json: a file of every element type by the Python package, as base64, with the numbers it holds.

Run: python models/testing/golden/safetensors-file.py   (made with safetensors 0.8.0, torch 2.13.0)
"""
import base64
import json
from pathlib import Path

import torch
from safetensors.torch import save

TYPES = ["float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8", "bool"]
tensors = {name: torch.tensor([[0, 1, 2], [3, 4, 5]]).to(getattr(torch, name)) for name in TYPES}
tensors |= {"scalar": torch.tensor(1.5), "empty": torch.zeros(0, 3), "10": torch.tensor([-2], dtype=torch.int8), "ünicode": torch.ones(1)}
file = save(tensors, {"format": "pt", "note": "größer"})
values = {name: {"dims": list(t.shape), "data": t.to(torch.float64).flatten().tolist()} for name, t in tensors.items()}
Path(__file__).with_name("safetensors.json").write_text(json.dumps({"file": base64.b64encode(file).decode(), "values": values}, ensure_ascii=False) + "\n")
