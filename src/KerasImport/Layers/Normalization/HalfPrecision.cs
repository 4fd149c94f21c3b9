using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>What normalisations do about 16-bit floats, whose squares overflow: they compute in float32 and round the result.</summary>
internal static class HalfPrecision
{
    /// <summary>The value in float32 where it is a 16-bit float; itself else.</summary>
    public static Value Widen(GraphBuilder g, Value x) => x.DType is DType.Float16 or DType.BFloat16 ? g.Cast(x, DType.Float32) : x;
}
