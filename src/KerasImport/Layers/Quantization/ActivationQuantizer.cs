using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>Keras's AbsMaxQuantizer: <c>q = clip(round(x · scale))</c> with <c>scale = limit / (max|x| + epsilon)</c> over some axes.</summary>
/// <param name="Low">The least integer.</param>
/// <param name="High">The largest integer, which the largest input becomes.</param>
/// <param name="Epsilon">Added to the largest input.</param>
internal sealed record ActivationQuantizer(double Low, double High, double Epsilon)
{
    /// <summary>Eight bits, symmetric.</summary>
    public static ActivationQuantizer Default { get; } = new(-127, 127, 1e-7);

    /// <summary>Reads a quantizer; null where there is none.</summary>
    public static ActivationQuantizer? Read(JToken? quantizer)
    {
        if (quantizer is not JObject { Count: > 0 } json)
        {
            return null;
        }

        JToken? config = json["config"];
        return config?["value_range"] is JArray { Count: 2 } range
            ? new ActivationQuantizer((double)range[0], (double)range[1], (double?)config["epsilon"] ?? Default.Epsilon)
            : Default;
    }

    /// <summary>The rounded values, still as floats, and the scale by which they were multiplied.</summary>
    public (Value Rounded, Value Scale) Apply(GraphBuilder g, Value x, int[] axes)
    {
        Value largest = g.Add(g.ReduceMax(g.Abs(x), axes, keepDims: true), Epsilon);
        Value scale = g.Div(g.Scalar(High, x.DType), largest);
        return (g.Clip(g.Round(g.Mul(x, scale)), Low, High), scale);
    }
}
