"""Writes operators.json: forward results of every operator of the basic families, by onnx's ReferenceEvaluator (NumPy), not by a runtime.

Run: python models/testing/golden/operators.py   (made with onnx 1.23.2, numpy of the same environment)
"""
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import helper
from onnx.reference import ReferenceEvaluator

OPSET = 21
INT64_MAX = 2**63 - 1
random = np.random.default_rng(7)


class Constant(np.ndarray):
    """An input that is part of the model (axes, sizes), not fed."""


def c(*values):
    return np.array(values, np.int64).view(Constant)


def scalar(value, dtype=np.float32):
    return np.array(value, dtype)


def real(*dims, low=-2.0, high=2.0, dtype=np.float32):
    return random.uniform(low, high, dims).round(2).astype(dtype)


def whole(*dims, low=-9, high=9, dtype=np.int32):
    return random.integers(low, high, dims).astype(dtype)


def truth(*dims):
    return random.integers(0, 2, dims).astype(bool)


def jsonable(array):
    """Eight digits; what JSON has no number for becomes a text."""
    def number(x):
        if isinstance(x, float):
            return float(f"{x:.8g}") if np.isfinite(x) else str(x).replace("nan", "NaN").replace("inf", "Infinity")
        return int(x) if abs(x) < 2**53 else str(x)
    flat = [number(x) for x in np.asarray(array).reshape(-1).tolist()]
    entry = {"dtype": str(array.dtype), "dims": list(array.shape), "data": flat}
    return {**entry, "constant": True} if isinstance(array, Constant) else entry


def run(op, attributes, inputs, outputs):
    names = ["" if value is None else f"i{k}" for k, value in enumerate(inputs)]
    node = helper.make_node(op, names, [f"o{k}" for k in range(outputs)], **attributes)
    given = {name: np.asarray(value) for name, value in zip(names, inputs) if value is not None}
    info = [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(v.dtype), v.shape) for n, v in given.items()]
    results = [helper.make_tensor_value_info(f"o{k}", onnx.TensorProto.UNDEFINED, None) for k in range(outputs)]
    model = helper.make_model(helper.make_graph([node], "g", info, results), opset_imports=[helper.make_opsetid("", OPSET)])
    return [np.asarray(value) for value in ReferenceEvaluator(model).run(None, given)]


cases = []


def case(op, *inputs, outputs=1, **attributes):
    expected = run(op, attributes, inputs, outputs)
    cases.append({
        "op": op,
        "attributes": attributes,
        "inputs": [None if value is None else jsonable(value) for value in inputs],
        "expected": [jsonable(value) for value in expected],
    })


SHAPES = [(2, 1, 3), (1,), ()]

# arithmetic
for op in ["Add", "Sub", "Mul", "Div"]:
    case(op, real(4, 1, 3), real(2, 1))
    case(op, real(), real(2, 3, low=0.5))
    case(op, real(0, 3), real(3))
    case(op, whole(2, 3, dtype=np.int64), whole(3, low=1, dtype=np.int64))
case("Pow", real(2, 3, low=0.1), real(3))
case("Pow", real(2, 3), scalar(2))
case("Pow", real(2, 3, low=0.5), whole(2, 1, low=-2, high=3, dtype=np.int64))
case("Mod", whole(3, 4), whole(4, low=1))
case("Mod", whole(3, 4), whole(1, low=-5, high=-1))
case("Mod", real(3, 4, low=-9, high=9), real(4, low=1), fmod=1)
case("Neg", whole(2, 2))
for op in ["Sum", "Mean", "Max", "Min"]:
    case(op, real(2, 3), real(3), real(2, 1))
    case(op, real(2, 2))
# elementary
RANGES = {"Sqrt": (0, 4), "Log": (0.1, 4), "Asin": (-0.9, 0.9), "Acos": (-0.9, 0.9), "Acosh": (1.1, 4), "Atanh": (-0.9, 0.9),
          "Reciprocal": (0.5, 2)}
for op in ["Identity", "Abs", "Neg", "Sqrt", "Reciprocal", "Exp", "Log", "Erf", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh",
           "Cosh", "Asinh", "Acosh", "Atanh", "Tanh"]:
    low, high = RANGES.get(op, (-2, 2))
    for dims in SHAPES:
        case(op, real(*dims, low=low, high=high))
for op in ["Sign", "Floor", "Ceil", "Round"]:
    case(op, np.array([-2.5, -1.5, -0.5, -0.2, 0, 0.5, 1.5, 2.5, 2.7], np.float32))
case("Identity", real(0, 2))
# activations
X = np.array([[-4.1, -3, -1.3, -0.5], [0, 0.25, 0.5, 0.75], [1, 1.3, 3, 8.5]], np.float32)
for op, forms in {
    "Relu": [{}], "LeakyRelu": [{}, {"alpha": 0.3}], "Elu": [{}, {"alpha": 0.4}], "Celu": [{}, {"alpha": 0.4}],
    "Selu": [{}, {"alpha": 1.2, "gamma": 0.8}], "ThresholdedRelu": [{}, {"alpha": 0.6}], "Sigmoid": [{}],
    "HardSigmoid": [{}, {"alpha": 0.3, "beta": 0.4}], "Softplus": [{}], "Softsign": [{}], "HardSwish": [{}], "Mish": [{}],
    "Gelu": [{}, {"approximate": "tanh"}], "Softmax": [{}, {"axis": 0}, {"axis": -2}], "LogSoftmax": [{}, {"axis": 0}],
}.items():
    for attributes in forms:
        case(op, X, **attributes)
case("PRelu", X, real(4))
case("PRelu", X, real(3, 1))
case("Softmax", real(2, 1, 3, low=80, high=90), axis=1)
# comparisons
for op in ["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"]:
    case(op, whole(3, 1, low=0, high=3), whole(4, low=0, high=3))
    case(op, real(2, 2), real())
for op in ["And", "Or", "Xor"]:
    case(op, truth(3, 4), truth(1, 4))
case("Not", truth(2, 3))
case("IsNaN", np.array([1, np.nan, np.inf, -0.0], np.float32))
for op in ["BitwiseAnd", "BitwiseOr", "BitwiseXor"]:
    case(op, whole(2, 3, low=0, high=255, dtype=np.uint8), whole(3, low=0, high=255, dtype=np.uint8))
    case(op, whole(2, 3), whole(1))
case("BitwiseNot", whole(4))
for direction in ["LEFT", "RIGHT"]:
    case("BitShift", whole(2, 3, low=0, high=255, dtype=np.uint8), whole(3, low=0, high=7, dtype=np.uint8), direction=direction)
# selection
case("Where", truth(2, 1), real(3), real(4, 2, 1))
case("Where", truth(2), whole(2), whole(2))
case("Clip", X, scalar(-0.5), scalar(0.5))
case("Clip", X, None, scalar(0.5))
case("Clip", X, scalar(1))
case("Clip", X)
case("Cast", X, to=onnx.TensorProto.INT32)
case("Cast", whole(3), to=onnx.TensorProto.FLOAT)
case("Cast", X, to=onnx.TensorProto.BOOL)
case("Cast", truth(3), to=onnx.TensorProto.INT64)
case("Dropout", X)
# reductions
for op in ["ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare",
           "ReduceLogSum", "ReduceLogSumExp"]:
    x = real(2, 1, 3, low=0.2) if op == "ReduceLogSum" else real(2, 1, 3)
    case(op, x)
    case(op, x, keepdims=0)
    case(op, x, c(-1))
    case(op, x, c(0, -1), keepdims=0)
    case(op, x, c(1), keepdims=0)
case("ReduceSum", real(2, 3), noop_with_empty_axes=1)
case("ReduceSum", real(0, 3), c(0))
case("ReduceMax", whole(3, 4), c(0))
# products
for a, b in [((2, 3), (3, 4)), ((3,), (3,)), ((3,), (3, 4)), ((2, 3), (3,)), ((3,), (5, 3, 4)), ((5, 2, 3), (3,)),
             ((5, 2, 3), (5, 3, 4)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((5, 1, 2, 3), (6, 3, 4)), ((2, 0), (0, 3))]:
    case("MatMul", real(*a), real(*b))
for ta in [0, 1]:
    for tb in [0, 1]:
        a, b = real(*((4, 2) if ta else (2, 4))), real(*((3, 4) if tb else (4, 3)))
        for bias in [real(3), real(2, 1), scalar(0.5)]:
            case("Gemm", a, b, bias, alpha=0.5, beta=1.5, transA=ta, transB=tb)
case("Gemm", real(2, 4), real(4, 3))
for equation, shapes in [("ij,jk->ik", [(2, 3), (3, 4)]), ("bij,bjk->bik", [(2, 3, 4), (2, 4, 5)]), ("ij,jk", [(2, 3), (3, 4)]),
                         ("ij->ji", [(2, 3)]), ("ij->", [(2, 3)]), ("i,j->ij", [(2,), (3,)]), ("ij,k->k", [(2, 3), (4,)]),
                         ("...ij,...jk->...ik", [(2, 3, 4), (2, 4, 5)]), ("...ij,jk->...ik", [(2, 5, 3, 4), (4, 2)]),
                         ("...ij,...jk", [(1, 3, 4), (6, 4, 5)]), ("ba,cb", [(2, 3), (4, 2)])]:
    case("Einsum", *[real(*dims) for dims in shapes], equation=equation)
# layout
case("Reshape", real(2, 1, 6), c(3, -1))
case("Reshape", real(2, 1, 6), c(0, -1, 2))
case("Reshape", real(0, 6), c(3, 0), allowzero=1)
case("Reshape", real(1, 1), np.array([], np.int64).view(Constant))
for axis in [0, 1, 3, -1]:
    case("Flatten", real(2, 3, 2), axis=axis)
case("Squeeze", real(2, 1, 3, 1))
case("Squeeze", real(2, 1, 3, 1), c(-1))
case("Unsqueeze", real(2, 3), c(0, -1))
case("Unsqueeze", real(), c(0))
case("Transpose", real(2, 1, 3))
case("Transpose", real(2, 1, 3), perm=[1, 2, 0])
case("Expand", real(2, 1), c(3, 2, 4))
case("Expand", real(2, 3), c(1))
case("Shape", real(2, 1, 3))
case("Shape", real(2, 1, 3), start=-2)
case("Shape", real(2, 1, 3), start=0, end=-1)
case("Size", real(2, 1, 3))
case("Size", real(0, 3))
# joining
case("Concat", real(2, 1), real(2, 3), real(2, 0), axis=-1)
case("Concat", whole(1, 2), whole(3, 2), axis=0)
case("Split", real(2, 6), c(1, 3, 2), axis=1, outputs=3)
case("Split", real(7, 2), num_outputs=3, outputs=3)
case("Split", real(2, 4), num_outputs=2, axis=-1, outputs=2)
x = real(4, 7)
for cut in [(c(0), c(INT64_MAX)), (c(1, 2), c(3, 6)), (c(-3), c(-1), c(1)), (c(0), c(INT64_MAX), c(1), c(2)),
            (c(1), c(7), c(-1), c(3)), (c(-1), c(-INT64_MAX), c(1), c(-1)), (c(5), c(0), c(1), c(-2)),
            (c(-1, -1), c(-INT64_MAX, -INT64_MAX), c(1, 0), c(-3, -2)), (c(3), c(2)), (c(20), c(30)), (c(20), c(-30), c(1), c(-4))]:
    case("Slice", x, *cut)
case("Pad", real(2, 3), c(1, 0, 0, 2))
case("Pad", real(2, 3), c(1, 2), scalar(0.5), c(-1))
for mode in ["reflect", "edge", "wrap"]:
    case("Pad", real(3, 4), c(1, 2, 0, 1), mode=mode)
case("Tile", real(2, 1, 3), c(1, 4, 2))
case("Tile", real(2), c(0))
for mode in ["DCR", "CRD"]:
    case("DepthToSpace", real(1, 8, 2, 3), blocksize=2, mode=mode)
case("SpaceToDepth", real(2, 1, 4, 6), blocksize=2)

path = Path(__file__).with_suffix(".json")
path.write_text("[\n" + ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in cases) + "\n]\n")
print(f"{len(cases)} cases, {path.stat().st_size} bytes")
