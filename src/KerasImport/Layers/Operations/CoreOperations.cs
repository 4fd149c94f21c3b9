using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.core</c> that change element types, or nothing.</summary>
internal static class CoreOperations
{
    private static readonly Dictionary<DType, (double Least, double Most)> Ranges = new()
    {
        [DType.Int8] = (sbyte.MinValue, sbyte.MaxValue),
        [DType.Int16] = (short.MinValue, short.MaxValue),
        [DType.Int32] = (int.MinValue, int.MaxValue),
        [DType.Int64] = (long.MinValue, long.MaxValue),
        [DType.UInt8] = (0, byte.MaxValue),
        [DType.UInt16] = (0, ushort.MaxValue),
        [DType.UInt32] = (0, uint.MaxValue),
        [DType.Bool] = (0, 1),
        [DType.Float16] = (-65504, 65504),
    };

    public static OperationSet Table { get; } = new()
    {
        ["Cast"] = With((c, x) => c.Graph.Cast(x, c.Type("dtype") ?? x.DType)),
        ["ConvertToTensor"] = With((c, x) => c.Graph.Cast(x, c.Type("dtype") ?? x.DType)),
        ["SaturateCast"] = With(SaturateCast),
        ["StopGradient"] = Plain((_, x) => x),
        ["View"] = With(View),
    };

    private static Value SaturateCast(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        DType to = c.Type("dtype") ?? x.DType;
        return g.Cast(Ranges.TryGetValue(to, out (double Least, double Most) range) ? g.Clip(x, range.Least, range.Most) : x, to);
    }

    private static Value View(OperationCall c, Value x) => c.Type("dtype") is { } to && to != x.DType
        ? to.Size() == x.DType.Size() ? c.Graph.BitCast(x, to) : throw new UnsupportedModelException($"{c.Config.Place}.dtype", to.Name(), $"a type as wide as {x.DType.Name()}")
        : x;
}
