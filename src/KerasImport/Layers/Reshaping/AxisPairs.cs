using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>The amounts at both ends of some axes: a number for all, a number for each axis, or a pair for each axis.</summary>
/// <param name="Before">The amounts at the beginnings.</param>
/// <param name="After">The amounts at the ends.</param>
internal sealed record AxisPairs(int[] Before, int[] After)
{
    /// <summary>Reads a key.</summary>
    /// <param name="config">The layer's config.</param>
    /// <param name="key">The key: <c>cropping</c>, <c>padding</c>.</param>
    /// <param name="axes">Number of axes.</param>
    /// <param name="fallback">The amount where the key is absent.</param>
    public static AxisPairs Read(LayerConfig config, string key, int axes, int fallback)
    {
        switch (config.Token(key))
        {
            case null:
                return Same(fallback, axes);
            case JValue { Value: long amount }:
                return Same((int)amount, axes);
            // One axis is written as its pair, without a list around it.
            case JArray { Count: 2 } pair when axes == 1 && IsNumbers(pair):
                return new AxisPairs([(int)pair[0]], [(int)pair[1]]);
            case JArray { Count: 1 } single when axes == 1 && IsNumbers(single):
                return Same((int)single[0], 1);
            case JArray list when list.Count == axes && IsNumbers(list):
                int[] each = [.. list.Select(i => (int)i)];
                return new AxisPairs(each, each);
            case JArray list when list.Count == axes && list.All(i => i is JArray { Count: 2 } pair && IsNumbers(pair)):
                return new AxisPairs([.. list.Select(i => (int)i[0]!)], [.. list.Select(i => (int)i[1]!)]);
            case var other:
                throw config.Wrong(key, other, "an integer, an integer for each axis, or a pair for each axis");
        }
    }

    private static AxisPairs Same(int amount, int axes)
    {
        int[] all = [.. Enumerable.Repeat(amount, axes)];
        return new AxisPairs(all, all);
    }

    private static bool IsNumbers(JArray list) => list.All(i => i.Type == JTokenType.Integer);
}
