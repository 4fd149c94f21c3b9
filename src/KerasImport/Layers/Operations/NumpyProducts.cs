using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The products, differences and correlations of <c>keras.ops.numpy</c>.</summary>
internal static class NumpyProducts
{
    public static OperationSet Table { get; } = new()
    {
        ["Corrcoef"] = Floating((g, x) => Correlations(g, x)),
        ["Correlate"] = c => new KerasTensor(Correlate(c)),
        ["Cross"] = c => new KerasTensor(Cross(c)),
        ["Diff"] = c => new KerasTensor(Difference(c, c.Tensor(0, "a"))),
        ["Dot"] = Product((g, a, b) => a.Rank == 0 || b.Rank == 0 ? g.Mul(a, b) : Contract(g, a, b, [a.Rank - 1], [Math.Max(b.Rank - 2, 0)])),
        ["Einsum"] = c => new KerasTensor(c.Graph.Einsum(c.Text("subscripts", string.Empty), [.. c.Promote(c.Positional())])),
        ["Inner"] = Product((g, a, b) => a.Rank == 0 || b.Rank == 0 ? g.Mul(a, b) : Contract(g, a, b, [a.Rank - 1], [b.Rank - 1])),
        ["Kron"] = Strict(Kronecker),
        ["Matmul"] = Product(MatMul),
        ["Outer"] = Strict((g, a, b) => g.Mul(g.Reshape(a, a.Shape.ElementCount, 1), g.Reshape(b, 1, b.Shape.ElementCount))),
        ["Tensordot"] = c => c.Promote([c.Operand(0, "x1"), c.Operand(1, "x2")]) is [var a, var b] ? TensorDot(c, (a, b)) : null!,
        ["Trapezoid"] = c => new KerasTensor(Trapezoid(c)),
        ["Vdot"] = Product((g, a, b) => Contract(g, g.Reshape(a, a.Shape.ElementCount), g.Reshape(b, b.Shape.ElementCount), [0], [0])),
    };

    /// <summary>The matrix product with numpy's rules for vectors.</summary>
    internal static Value MatMul(GraphBuilder g, Value a, Value b)
    {
        if (b.Rank == 1)
        {
            return Contract(g, a, b, [a.Rank - 1], [0]);
        }

        return a.Rank == 1 ? Contract(g, a, b, [0], [b.Rank - 2]) : g.MatMul(a, b);
    }

    /// <summary>The sum of products over pairs of axes; the axes left of the first come first.</summary>
    internal static Value Contract(GraphBuilder g, Value a, Value b, int[] axesA, int[] axesB)
    {
        int[] restA = [.. Enumerable.Range(0, a.Rank).Except(axesA)], restB = [.. Enumerable.Range(0, b.Rank).Except(axesB)];
        Dim summed = Dim.Product(axesB.Select(axis => b.Shape[axis]));
        Dim rows = Dim.Product(restA.Select(axis => a.Shape[axis])), columns = Dim.Product(restB.Select(axis => b.Shape[axis]));
        Value left = g.Reshape(g.Transpose(a, [.. restA, .. axesA]), rows, summed);
        Value right = g.Reshape(g.Transpose(b, [.. axesB, .. restB]), summed, columns);
        return g.Reshape(g.MatMul(left, right), new SymbolicShape([.. restA.Select(axis => a.Shape[axis]), .. restB.Select(axis => b.Shape[axis])]));
    }

    /// <summary>A product computed in a floating type and given in the type its operands meet in.</summary>
    private static Func<OperationCall, Structure> Product(Func<GraphBuilder, Value, Value, Value> function) => c =>
    {
        Operand a = c.Operand(0, "x1"), b = c.Operand(1, "x2");
        DType result = TypePromotion.Result(a.Strong, b.Strong), compute = TypePromotion.Result(result, KerasType.Float);
        return new KerasTensor(c.Graph.Cast(function(c.Graph, a.In(c.Graph, compute), b.In(c.Graph, compute)), result));
    };

    /// <summary>The sum of products over the last axes of one and the first of the other, or over given pairs of axes.</summary>
    internal static Structure TensorDot(OperationCall c, (Value A, Value B) operands)
    {
        (Value a, Value b) = operands;
        (int[] axesA, int[] axesB) = c.Parameter("axes") switch
        {
            JArray { Count: 2 } pair => (List(pair[0], a.Rank), List(pair[1], b.Rank)),
            JValue { Value: long count } => (Enumerable.Range(a.Rank - (int)count, (int)count).ToArray(), Enumerable.Range(0, (int)count).ToArray()),
            _ => ([a.Rank - 2, a.Rank - 1], [0, 1]),
        };
        return new KerasTensor(Contract(c.Graph, a, b, axesA, axesB));

        static int[] List(JToken token, int rank) => [.. (token is JArray list ? list.Select(i => (int)i) : [(int)token]).Select(a => a < 0 ? a + rank : a)];
    }

    private static Value Kronecker(GraphBuilder g, Value a, Value b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        SymbolicShape shapeA = Padded(a.Shape), shapeB = Padded(b.Shape);
        Value left = g.Reshape(a, new SymbolicShape(shapeA.SelectMany(d => new[] { d, Dim.One })));
        Value right = g.Reshape(b, new SymbolicShape(shapeB.SelectMany(d => new[] { Dim.One, d })));
        return g.Reshape(g.Mul(left, right), new SymbolicShape(shapeA.Zip(shapeB, (x, y) => x * y)));

        SymbolicShape Padded(SymbolicShape shape) => new([.. Enumerable.Repeat(Dim.One, rank - shape.Rank), .. shape]);
    }

    private static Value Cross(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        IReadOnlyList<Value> operands = c.Promote([c.Operand(0, "x1"), c.Operand(1, "x2")]);
        int? axis = c.IntOrNull("axis");
        Value[] a = Parts(g.MoveAxis(operands[0], axis ?? c.Int("axisa", -1), -1)), b = Parts(g.MoveAxis(operands[1], axis ?? c.Int("axisb", -1), -1));
        Value z = g.Sub(g.Mul(a[0], b[1]), g.Mul(a[1], b[0]));
        if (a.Length == 2 && b.Length == 2)
        {
            return z;
        }

        Value zero = g.Mul(z, 0);
        Value a2 = a.Length == 3 ? a[2] : zero, b2 = b.Length == 3 ? b[2] : zero;
        Value x = g.Sub(g.Mul(a[1], b2), g.Mul(a2, b[1])), y = g.Sub(g.Mul(a2, b[0]), g.Mul(a[0], b2));
        return g.MoveAxis(g.Stack([x, y, z], -1), -1, axis ?? c.Int("axisc", -1));

        Value[] Parts(Value v) => [.. g.Unstack(v, -1)];
    }

    /// <summary>Sliding products: a convolution without turning the kernel. Full pads with zeros on both sides; same keeps the middle.</summary>
    private static Value Correlate(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Operand first = c.Operand(0, "x1"), second = c.Operand(1, "x2");
        DType type = TypePromotion.Result(first.Strong, second.Strong, DType.Float32);
        Value a = first.In(g, type), b = second.In(g, type);
        string mode = c.Text("mode", "valid");
        Dim n = a.Shape[0], m = b.Shape[0];
        int width = m.ValueOrNull ?? throw c.Call.Fail($"a kernel of open size {m}", "a known size");
        if (mode == "valid" && n.ValueOrNull == width - 1)
        {
            // TensorFlow's convolution gives no element here, and fails where the kernel is longer still.
            return g.Zeros(new SymbolicShape(0), type);
        }

        Value x = mode == "valid" ? a : g.Pad(a, [width - 1], [width - 1]);
        Value line = g.Conv(g.Reshape(x, 1, x.Shape[0], 1), g.Reshape(b, m, 1, 1), null, [1], [1], Padding.Valid);
        Value full = g.Reshape(line, line.Shape[1]);
        if (mode != "same")
        {
            return full;
        }

        int length = Math.Max(n.Value, width), start = (n.Value + width - 1 - length) / 2;
        return g.Slice(full, 0, start, start + length);
    }

    private static Value Correlations(GraphBuilder g, Value x)
    {
        Value centred = g.Sub(x, g.ReduceMean(x, [-1], keepDims: true));
        Value covariance = g.Div(g.MatMul(centred, g.SwapAxes(centred, -1, -2)), g.Sub(g.SizeOf(x, -1, x.DType), 1));
        Value deviation = g.Sqrt(NumpyDiagonals.Diagonal(g, covariance, 0, 0, 1));
        return g.Clip(g.Div(covariance, g.Mul(g.ExpandDims(deviation, 1), g.ExpandDims(deviation, 0))), -1, 1);
    }

    private static Value Difference(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int axis = c.Axis(x, -1);
        for (int i = c.Int("n", 1); i > 0; i--)
        {
            Value later = g.Slice(x, axis, 1), earlier = g.Slice(x, axis, 0, -1);
            x = x.DType == DType.Bool ? g.Xor(later, earlier) : g.Sub(later, earlier);
        }

        return x;
    }

    private static Value Trapezoid(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value y = ToFloating(g, c.Tensor(0, "y"));
        int axis = c.Axis(y, -1);
        Value heights = g.Mul(g.Add(g.Slice(y, axis, 1), g.Slice(y, axis, 0, -1)), 0.5);
        return g.ReduceSum(g.Mul(heights, g.Scalar(c.Number("dx", 1), y.DType)), [axis]);
    }
}
