using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.numpy</c> and <c>keras.ops.core</c> that pick or place elements by index.</summary>
internal static class NumpyIndexing
{
    private static readonly Dictionary<string, ScatterReduction> Reductions = new()
    {
        ["add"] = ScatterReduction.Add,
        ["mul"] = ScatterReduction.Mul,
        ["max"] = ScatterReduction.Max,
        ["min"] = ScatterReduction.Min,
    };

    public static OperationSet Table { get; } = new()
    {
        ["Bincount"] = c => new KerasTensor(BinCount(c)),
        ["GetItem"] = c => new KerasTensor(PythonSlicing.Apply(c.Graph, c.X, PythonSlicing.Keys(c.Call.Argument(1, "key"), c.Config.Place))),
        ["Nonzero"] = c => NonZero(c.Graph, c.X),
        ["Scatter"] = c => new KerasTensor(Scatter(c)),
        ["ScatterUpdate"] = c => new KerasTensor(ScatterUpdate(c)),
        ["Slice"] = c => new KerasTensor(c.Graph.DynamicSlice(c.Tensor(0, "inputs"), c.Tensor(1, "start_indices"), c.Shape(2))),
        ["SliceUpdate"] = c => new KerasTensor(SliceUpdate(c)),
        ["Take"] = With(Take),
        ["TakeAlongAxis"] = With(TakeAlongAxis),
        ["UnravelIndex"] = c => Unravel(c),
        ["Where"] = Where,
    };

    private static Value Take(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        Value indices = c.Tensor(1, "indices");
        indices = indices.DType.IsInteger() ? indices : g.Cast(indices, DType.Int32);
        return c.IntOrNull("axis") is { } axis ? g.Gather(x, indices, axis) : g.Gather(g.Reshape(x, x.Shape.ElementCount), indices, 0);
    }

    private static Value TakeAlongAxis(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        Value indices = c.Tensor(1, "indices");
        indices = indices.DType.IsInteger() ? indices : g.Cast(indices, DType.Int32);
        if (c.IntOrNull("axis") is not { } given)
        {
            return g.Gather(g.Reshape(x, x.Shape.ElementCount), indices, 0);
        }

        int axis = given < 0 ? given + x.Rank : given;
        return g.GatherElements(g.Expand(x, Along(x.Shape, indices.Shape)), g.Expand(indices, Along(indices.Shape, x.Shape)), axis);

        // The other axes broadcast.
        SymbolicShape Along(SymbolicShape own, SymbolicShape other) => new(own.Select((d, a) => a == axis || d != Dim.One ? d : other[a]));
    }

    private static Structure NonZero(GraphBuilder g, Value x) =>
        Several(g.Unstack(g.Cast(g.NonZero(g.Cast(x, DType.Bool)), DType.Int32), 0));

    private static Structure Where(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value condition = c.Operand(0, "condition").In(g, DType.Bool);
        if (c.OperandOrNull(1, "x1") is not { } first || c.OperandOrNull(2, "x2") is not { } second)
        {
            return NonZero(g, condition);
        }

        (Value a, Value b) = c.Promote(first, second);
        return new KerasTensor(g.Where(condition, a, b));
    }

    private static Structure Unravel(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value rest = c.Tensor(0, "indices");
        int[] shape = c.RequiredInts("shape");
        rest = g.Where(g.Less(rest, 0), g.Add(rest, shape.Aggregate(1, (a, b) => a * b)), rest);
        var places = new Value[shape.Length];

        // Of indices that are not a vector Keras 3 on TensorFlow takes the axes in the wrong order.
        int[] order = rest.Rank == 1 ? [.. Enumerable.Reverse(shape)] : shape;
        for (int i = 0; i < order.Length; i++)
        {
            places[^(i + 1)] = g.Mod(rest, g.Scalar(order[i], rest.DType));
            rest = g.FloorDiv(rest, g.Scalar(order[i], rest.DType));
        }

        return Several(places);
    }

    private static Value Scatter(OperationCall c)
    {
        Value values = c.Tensor(1, "values");
        return c.Graph.ScatterND(c.Graph.Zeros(c.Shape(2), values.DType), c.Tensor(0, "indices"), values, ScatterReduction.Add);
    }

    private static Value ScatterUpdate(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value x = c.Tensor(0, "inputs");
        string reduction = c.Text("reduction", string.Empty);
        return g.ScatterND(x, c.Tensor(1, "indices"), g.Cast(c.Tensor(2, "updates"), x.DType), Reductions.GetValueOrDefault(reduction, ScatterReduction.None));
    }

    private static Value SliceUpdate(OperationCall c)
    {
        Value x = c.Tensor(0, "inputs");
        return c.Graph.DynamicUpdateSlice(x, c.Graph.Cast(c.Tensor(2, "updates"), x.DType), c.Tensor(1, "start_indices"));
    }

    /// <summary>How often each number occurs, or the sum of the weights where it does.</summary>
    private static Value BinCount(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value x = c.X;
        Value? weights = c.TensorOrNull(1, "weights") ?? (c.Parameter("weights") is { } token ? g.Constant(JsonTensor.Read(token, DType.Float32, c.Config.Place)) : null);
        DType type = weights is null ? DType.Int32 : TypePromotion.Result(x.DType, weights.DType);
        weights ??= g.Ones(x.Shape, DType.Int32);
        return g.Cast(g.Bincount(g.Cast(x, DType.Int64), weights, c.Int("minlength", 0)), type);
    }
}
