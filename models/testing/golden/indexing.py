"""Writes indexing.json: results of gathering, scattering, ordering and constant operators by the onnx package's ReferenceEvaluator.

Made with onnx 1.23.2, operator set 21:  python models/testing/golden/indexing.py
"""
import json
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

rng = np.random.default_rng(7)
cases = []


def real(*dims):
    return rng.normal(size=dims).astype(np.float32).round(3)


def long(values):
    return np.array(values, dtype=np.int64)


def tensor(array):
    data = [float(f"{x:.8g}") for x in array.ravel()] if array.dtype.kind == "f" else array.ravel().tolist()
    return {"dtype": str(array.dtype), "dims": list(array.shape), "data": data}


def case(op, *inputs, outputs=1, **attributes):
    names = [f"x{k}" for k in range(len(inputs))]
    results = [f"y{k}" for k in range(outputs)]
    node = helper.make_node(op, names, results, **attributes)
    infos = [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(x.dtype), x.shape) for n, x in zip(names, inputs)]
    outs = [helper.make_tensor_value_info(n, TensorProto.UNDEFINED, None) for n in results]
    model = helper.make_model(helper.make_graph([node], "case", infos, outs), opset_imports=[helper.make_opsetid("", 21)])
    values = ReferenceEvaluator(model).run(None, dict(zip(names, inputs)))
    plain = {k: tensor(numpy_helper.to_array(v)) if isinstance(v, TensorProto) else v for k, v in attributes.items()}
    cases.append({"op": op, "attributes": plain, "inputs": [tensor(x) for x in inputs], "outputs": [tensor(np.asarray(v)) for v in values]})


x = real(3, 4, 2)
case("Gather", x, long([[2, -1], [0, 2]]))
case("Gather", x, long(-2), axis=1)
case("Gather", x, np.array([1, 1, 0], dtype=np.int32), axis=-1)
case("Gather", x, long([]).reshape(0), axis=1)
case("GatherElements", x, long(rng.integers(-3, 3, size=(2, 4, 2))))
case("GatherElements", x, np.array(rng.integers(-2, 2, size=(3, 4, 3)), dtype=np.int32), axis=2)
case("GatherND", x, long([[2, -4], [0, 3]]))
case("GatherND", x, long([[[1]], [[-1]], [[0]]]), batch_dims=1)
case("GatherND", x, long([[[1, 0]], [[-1, 1]], [[0, 0]]]), batch_dims=1)
for reduction in ("none", "add", "mul", "max", "min"):
    case("ScatterElements", x, long([[[2, -2]]]), real(1, 1, 2), axis=1, reduction=reduction)
    case("ScatterND", x, long([[2, 1], [-3, 0]]), real(2, 2), reduction=reduction)
case("ScatterElements", x, long([[[1, 1]]]), real(1, 1, 2), axis=-1, reduction="add")
case("ScatterND", x, long([[1], [1]]), real(2, 4, 2), reduction="add")

ties = np.array([[3, 1, 3, 2], [0, 0, 5, 5]], dtype=np.float32)
case("TopK", ties, long([3]), outputs=2)
case("TopK", ties, long([2]), outputs=2, largest=0)
case("TopK", x, long([1]), outputs=2, axis=1)
case("TopK", x, long([0]), outputs=2, axis=0)
for op in ("ArgMax", "ArgMin"):
    case(op, ties)
    case(op, ties, axis=-1, keepdims=0)
    case(op, ties, axis=1, select_last_index=1)
for exclusive in (0, 1):
    for reverse in (0, 1):
        case("CumSum", x, long(1), exclusive=exclusive, reverse=reverse)
case("CumSum", x, np.array(-3, dtype=np.int32))
case("OneHot", long([[0, 2], [-1, 7]]), long(3), np.array([-1, 4], dtype=np.float32))
case("OneHot", long([1, 0]), long(2), np.array([0, 1], dtype=np.float32), axis=0)
case("OneHot", np.array([1, -2], dtype=np.int32), np.array(3, dtype=np.int32), np.array([0, 1], dtype=np.float32), axis=-2)
square = real(2, 3, 4)
case("Trilu", square)
case("Trilu", square, upper=0)
case("Trilu", square, long(1))
case("Trilu", square, long(-2), upper=0)

case("Constant", value=numpy_helper.from_array(np.array([2, 3], dtype=np.int32)))
case("Constant", value=numpy_helper.from_array(real(2, 2)))
case("Constant", value_float=1.5)
case("Constant", value_floats=[1.5, 2.0])
case("Constant", value_int=4)
case("Constant", value_ints=[4, -5])
case("ConstantOfShape", long([2, 3]))
case("ConstantOfShape", long([3]), value=numpy_helper.from_array(long([-7])))
case("ConstantOfShape", long([]), value=numpy_helper.from_array(np.array([1.5], dtype=np.float64)))
case("ConstantOfShape", long([2, 0]))
case("Range", long(2), long(9), long(3))
case("Range", np.array(5, dtype=np.int32), np.array(-2, dtype=np.int32), np.array(-2, dtype=np.int32))
case("Range", long(4), long(1), long(1))
case("Range", np.float32(0.5), np.float32(2), np.float32(0.5))
case("EyeLike", real(2, 3))
case("EyeLike", real(3, 3), k=-1, dtype=TensorProto.DOUBLE)
case("EyeLike", np.zeros((2, 4), dtype=np.int64), k=2)

Path(__file__).with_name("indexing.json").write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
