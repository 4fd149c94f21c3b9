using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>The key <c>value_range</c>: the least and the largest number of a pixel.</summary>
/// <param name="Low">The least.</param>
/// <param name="High">The largest.</param>
internal sealed record ValueRange(double Low, double High)
{
    /// <summary>The range of bytes.</summary>
    public static ValueRange Bytes { get; } = new(0, 255);

    /// <summary>Reads the key.</summary>
    public static ValueRange Read(LayerConfig config) => config.Token("value_range") switch
    {
        null => Bytes,
        JArray { Count: 2 } pair when JsonTensor.IsTensor(pair) => new ValueRange((double)pair[0], (double)pair[1]),
        var other => throw config.Wrong("value_range", other, "a pair of numbers"),
    };

    /// <summary>Images of this range in another.</summary>
    public Value To(GraphBuilder g, Value images, ValueRange target, DType type)
    {
        if (this == target)
        {
            return images;
        }

        Value unit = g.Div(g.Sub(g.Cast(images, type), Low), High - Low);
        return g.Add(g.Mul(unit, target.High - target.Low), target.Low);
    }
}
