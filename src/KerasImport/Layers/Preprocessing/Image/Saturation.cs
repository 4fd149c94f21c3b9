using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Numbers given back in the images' own type.</summary>
internal static class Saturation
{
    /// <summary>The range of each integer type that images come in.</summary>
    private static readonly Dictionary<DType, (double Low, double High)> Ranges = new()
    {
        [DType.Int8] = (sbyte.MinValue, sbyte.MaxValue),
        [DType.Int16] = (short.MinValue, short.MaxValue),
        [DType.Int32] = (int.MinValue, int.MaxValue),
        [DType.Int64] = (long.MinValue, long.MaxValue),
        [DType.UInt8] = (byte.MinValue, byte.MaxValue),
        [DType.UInt16] = (ushort.MinValue, ushort.MaxValue),
        [DType.UInt32] = (uint.MinValue, uint.MaxValue),
    };

    /// <summary>The values in a type: for integers rounded half to even and held to the type's range.</summary>
    public static Value Cast(GraphBuilder g, Value x, DType type)
    {
        if (x.DType == type || !x.DType.IsFloating() || !Ranges.TryGetValue(type, out (double Low, double High) range))
        {
            return g.Cast(x, type);
        }

        return g.Cast(g.Clip(g.Round(x), range.Low, range.High), type);
    }
}
