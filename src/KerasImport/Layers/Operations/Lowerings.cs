using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>A table of operations of one kind.</summary>
internal sealed class OperationSet : Dictionary<string, Func<OperationCall, Structure>>
{
    public OperationSet()
        : base(StringComparer.Ordinal)
    {
    }
}

/// <summary>The forms that most operations have.</summary>
internal static class Lowerings
{
    /// <summary>A function of one tensor, in its own type.</summary>
    public static Func<OperationCall, Structure> Plain(Func<GraphBuilder, Value, Value> function) =>
        c => new KerasTensor(function(c.Graph, c.X));

    /// <summary>A function of one tensor that needs numbers: flags become int32.</summary>
    public static Func<OperationCall, Structure> Numeric(Func<GraphBuilder, Value, Value> function) =>
        c => new KerasTensor(function(c.Graph, c.X is var x && x.DType == DType.Bool ? c.Graph.Cast(x, DType.Int32) : x));

    /// <summary>A function of one floating tensor: integers become float32.</summary>
    public static Func<OperationCall, Structure> Floating(Func<GraphBuilder, Value, Value> function) =>
        c => new KerasTensor(function(c.Graph, ToFloating(c.Graph, c.X)));

    /// <summary>A function of one floating tensor and the parameters.</summary>
    public static Func<OperationCall, Structure> Floating(Func<OperationCall, Value, Value> function) =>
        c => new KerasTensor(function(c, ToFloating(c.Graph, c.X)));

    /// <summary>A function of one tensor and the parameters.</summary>
    public static Func<OperationCall, Structure> With(Func<OperationCall, Value, Value> function) =>
        c => new KerasTensor(function(c, c.X));

    /// <summary>A function of one tensor and the parameters that gives several.</summary>
    public static Func<OperationCall, Structure> With(Func<OperationCall, Value, Structure> function) => c => function(c, c.X);

    /// <summary>A test of floating numbers, false for integers or what is given for them.</summary>
    public static Func<OperationCall, Structure> Test(Func<GraphBuilder, Value, Value> function, bool ofIntegers = false) =>
        c => new KerasTensor(c.X.DType.IsFloating() ? function(c.Graph, c.X) : c.Graph.Full(c.X.Shape, ofIntegers ? 1 : 0, DType.Bool));

    /// <summary>A function of two tensors in the type they meet in; Python's numbers are weak.</summary>
    public static Func<OperationCall, Structure> Binary(Func<GraphBuilder, Value, Value, Value> function, params KerasType[] besides) => c =>
    {
        (Value a, Value b) = c.Promote(First(c), Second(c), besides);
        return new KerasTensor(function(c.Graph, a, b));
    };

    /// <summary>A function of two tensors in the type they meet in; Python's numbers count as tensors.</summary>
    public static Func<OperationCall, Structure> Strict(Func<GraphBuilder, Value, Value, Value> function, params KerasType[] besides) => c =>
    {
        (Operand a, Operand b) = (First(c), Second(c));
        DType type = TypePromotion.Result([a.Strong, b.Strong, .. besides]);
        return new KerasTensor(function(c.Graph, a.In(c.Graph, type), b.In(c.Graph, type)));
    };

    /// <summary>A function of two truth values; other numbers are true where they are not 0.</summary>
    public static Func<OperationCall, Structure> Logical(Func<GraphBuilder, Value, Value, Value> function) =>
        c => new KerasTensor(function(c.Graph, First(c).In(c.Graph, DType.Bool), Second(c).In(c.Graph, DType.Bool)));

    /// <summary>Several tensors.</summary>
    public static Structure Several(IEnumerable<Value> values) => Structure.Of(values.Select(v => new KerasTensor(v)));

    /// <summary>A floating tensor as it is, others as float32.</summary>
    public static Value ToFloating(GraphBuilder g, Value x) => g.Cast(x, TypePromotion.Result(x.DType, KerasType.Float));

    /// <summary>The first of two arguments, by either of the names Keras gives it.</summary>
    private static Operand First(OperationCall c) => c.OperandOrNull(0, "x1") ?? c.Operand(0, "x");

    private static Operand Second(OperationCall c) => c.OperandOrNull(1, "x2") ?? c.Operand(1, "y");
}
