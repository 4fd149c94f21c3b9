using KerasCompat.Runtime;
using Range = KerasCompat.Runtime.Range;

namespace KerasCompat.Onnx.Lowering;

/// <summary>
/// Element types for which runtimes lack an operator: bfloat16 and small integers are widened before it and rounded after it, as this
/// library's own executor does and Keras on a CPU.
/// </summary>
internal static class ElementTypes
{
    /// <summary>Operators that ONNX Runtime has for every type.</summary>
    private static readonly HashSet<Type> Any =
    [
        typeof(Reshape), typeof(Transpose), typeof(Concat), typeof(Cast), typeof(Gather), typeof(GatherND), typeof(GatherElements),
        typeof(Slice), typeof(Split), typeof(ConstantOfShape), typeof(Range), typeof(EyeLike), typeof(ShapeOf), typeof(SizeOp), typeof(OneHot), typeof(Scan), typeof(BitCast),
    ];

    /// <summary>The results by way of wider types, or null where the node can be written as it is.</summary>
    public static IReadOnlyList<Value>? TryWiden(GraphBuilder g, Node node)
    {
        if (Any.Contains(node.Op.GetType()) || node.Inputs.All(i => i is null || Wider(node.Op, i.DType) == i.DType))
        {
            return null;
        }

        IReadOnlyList<Value> results = g.ApplyAll(node.Op, [.. node.Inputs.Select(i => i is null ? null : g.Cast(i, Wider(node.Op, i.DType)))]);
        return [.. results.Select((r, i) => g.Cast(r, node.Outputs[i].DType))];
    }

    private static DType Wider(Op op, DType type) => type switch
    {
        DType.Float16 when op is IsInf or ScatterND { Reduction: not ScatterReduction.None } or ScatterElements { Reduction: not ScatterReduction.None } => DType.Float32,
        DType.BFloat16 => DType.Float32,
        DType.Int8 or DType.UInt8 or DType.Int16 or DType.UInt16 or DType.UInt32 or DType.UInt64 => DType.Int64,
        _ => type,
    };
}
