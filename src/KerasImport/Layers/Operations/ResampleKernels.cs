using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>How much a pixel counts at a distance, for resampling by <c>scale_and_translate</c>.</summary>
internal static class ResampleKernels
{
    private static readonly Dictionary<string, Func<GraphBuilder, Value, Value>> Kernels = new()
    {
        ["linear"] = Triangle,
        ["bilinear"] = Triangle,
        ["trilinear"] = Triangle,
        ["triangle"] = Triangle,
        ["cubic"] = Cubic,
        ["bicubic"] = Cubic,
        ["tricubic"] = Cubic,
        ["lanczos3"] = (g, x) => Lanczos(g, x, 3),
        ["lanczos5"] = (g, x) => Lanczos(g, x, 5),
    };

    public static Func<Value, Value> Of(GraphBuilder g, string method, LayerConfig config) => Kernels.TryGetValue(method, out Func<GraphBuilder, Value, Value>? kernel)
        ? x => kernel(g, x)
        : throw config.Wrong("method", method, $"one of {string.Join(", ", Kernels.Keys)}");

    private static Value Triangle(GraphBuilder g, Value x) => g.Maximum(g.Sub(g.Scalar(1, x.DType), x), 0);

    /// <summary>Keys's cubic with a = −0.5.</summary>
    private static Value Cubic(GraphBuilder g, Value x)
    {
        Value near = g.Add(g.Mul(g.Mul(g.Sub(g.Mul(x, 1.5), 2.5), x), x), 1);
        Value far = g.Add(g.Mul(g.Sub(g.Mul(g.Add(g.Mul(x, -0.5), 2.5), x), 4), x), 2);
        return g.Where(g.GreaterEqual(x, 2), g.Scalar(0, x.DType), g.Where(g.GreaterEqual(x, 1), far, near));
    }

    private static Value Lanczos(GraphBuilder g, Value x, double radius)
    {
        Value angle = g.Mul(x, Math.PI), one = g.Scalar(1, x.DType);
        Value y = g.Mul(g.Mul(g.Sin(angle), g.Sin(g.Mul(angle, 1 / radius))), radius);
        Value inner = g.Where(g.Greater(x, 1e-3), g.Div(y, g.Where(g.NotEqual(x, 0), g.Square(angle), one)), one);
        return g.Where(g.Greater(x, radius), g.Scalar(0, x.DType), inner);
    }
}
