using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The Fourier transforms of <c>keras.ops.math</c>, as products with matrices of cosines and sines; pairs of tensors are real and imaginary parts.</summary>
internal static class FourierOperations
{
    public static OperationSet Table { get; } = new()
    {
        ["FFT"] = c => Pair(Transform(c.Graph, Complex(c), -1)),
        ["FFT2"] = c => Pair(Transform(c.Graph, Transform(c.Graph, Complex(c), -1), -2)),
        ["IFFT2"] = InverseSquare,
        ["IRFFT"] = c => new KerasTensor(InverseReal(c.Graph, Complex(c), c.IntOrNull("fft_length"))),
        ["ISTFT"] = c => new KerasTensor(InverseShortTime(c)),
        ["RFFT"] = c => Pair(Real(c.Graph, c.X, c.IntOrNull("fft_length"))),
        ["STFT"] = c => Pair(ShortTime(c, c.X)),
    };

    /// <summary>Frames of a length, a step apart, along the last axis: (…, n) → (…, frames, length).</summary>
    internal static Value Frames(GraphBuilder g, Value x, int length, int step)
    {
        Dim count = Dim.FloorDiv(x.Shape[-1] - length, step) + 1;
        return g.Gather(x, Places(g, count, length, step), x.Rank - 1);
    }

    private static Value Places(GraphBuilder g, Dim frames, int length, int step) =>
        g.Add(g.Mul(g.ExpandDims(g.Range(frames), 1), step), g.ExpandDims(g.Range(length), 0));

    private static Structure Pair((Value Real, Value Imaginary) z) => Several([z.Real, z.Imaginary]);

    private static (Value Real, Value Imaginary) Complex(OperationCall c)
    {
        IReadOnlyList<Operand> parts = c.List(0, "x");
        return (parts[0].AsTensor(c.Graph), parts[1].AsTensor(c.Graph));
    }

    /// <summary>cos and sin of 2π·t·k/n: the angle is reduced among integers, so that it is exact to a rounding.</summary>
    private static (Value Cos, Value Sin) Waves(GraphBuilder g, Value times, Value frequencies, Value n, DType type)
    {
        Value turns = g.Mod(g.Mul(g.ExpandDims(times, 1), g.ExpandDims(frequencies, 0)), n);
        Value angle = g.Mul(g.Div(g.Cast(turns, DType.Float64), g.Cast(n, DType.Float64)), 2 * Math.PI);
        return (g.Cast(g.Cos(angle), type), g.Cast(g.Sin(angle), type));
    }

    private static (Value Real, Value Imaginary) Transform(GraphBuilder g, (Value Real, Value Imaginary) z, int axis)
    {
        Value a = g.SwapAxes(z.Real, axis, -1), b = g.SwapAxes(z.Imaginary, axis, -1);
        Value index = g.Range(a.Shape[-1]);
        (Value cos, Value sin) = Waves(g, index, index, g.SizeOf(a, -1), a.DType);
        Value real = g.Add(NumpyProducts.MatMul(g, a, cos), NumpyProducts.MatMul(g, b, sin));
        Value imaginary = g.Sub(NumpyProducts.MatMul(g, b, cos), NumpyProducts.MatMul(g, a, sin));
        return (g.SwapAxes(real, axis, -1), g.SwapAxes(imaginary, axis, -1));
    }

    private static Structure InverseSquare(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value a, Value b) = Complex(c);
        (Value real, Value imaginary) = Transform(g, Transform(g, (a, g.Neg(b)), -1), -2);
        Value size = g.Mul(g.SizeOf(a, -1, a.DType), g.SizeOf(a, -2, a.DType));
        return Several([g.Div(real, size), g.Neg(g.Div(imaginary, size))]);
    }

    private static (Value Real, Value Imaginary) Real(GraphBuilder g, Value x, int? length)
    {
        x = length is { } n ? ToLength(g, x, n) : x;
        (Value cos, Value sin) = Waves(g, g.Range(x.Shape[-1]), g.Range(Dim.FloorDiv(x.Shape[-1], 2) + 1), g.SizeOf(x, -1), x.DType);
        return (NumpyProducts.MatMul(g, x, cos), g.Neg(NumpyProducts.MatMul(g, x, sin)));
    }

    /// <summary>Of half a spectrum: inner frequencies count twice, the first and, of an even length, the last once.</summary>
    private static Value InverseReal(GraphBuilder g, (Value Real, Value Imaginary) z, int? length)
    {
        int n = length ?? ((z.Real.Shape[-1] * 2) - 2).Value, bins = (n / 2) + 1;
        Value a = ToLength(g, z.Real, bins), b = ToLength(g, z.Imaginary, bins);
        (Value cos, Value sin) = Waves(g, g.Range(bins), g.Range(n), g.Scalar(n, DType.Int64), a.DType);
        double[] weights = [.. Enumerable.Range(0, bins).Select(k => (k == 0 || 2 * k == n ? 1.0 : 2.0) / n)];
        Value weight = g.Cast(g.Constant(Tensor.From(weights, bins)), a.DType);
        return g.Sub(NumpyProducts.MatMul(g, g.Mul(a, weight), cos), NumpyProducts.MatMul(g, g.Mul(b, weight), sin));
    }

    /// <summary>Cut or filled with zeros at the end of the last axis.</summary>
    private static Value ToLength(GraphBuilder g, Value x, int length)
    {
        int size = x.Shape[-1].Value;
        int[] none = new int[x.Rank], after = new int[x.Rank];
        after[^1] = Math.Max(length - size, 0);
        return g.Slice(g.Pad(x, none, after), x.Rank - 1, 0, length);
    }

    private static (Value Real, Value Imaginary) ShortTime(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int length = c.Int("fft_length", 0), step = c.Int("sequence_stride", 1);
        if (c.Flag("center", true))
        {
            int[] pad = new int[x.Rank];
            pad[^1] = length / 2;
            x = g.Pad(x, pad, pad, PadMode.Reflect);
        }

        Value frames = Frames(g, x, length, step);
        return Real(g, Window(c) is { } window ? g.Mul(frames, g.Cast(g.Constant(Tensor.From(window, length)), x.DType)) : frames, null);
    }

    /// <summary>Frames are transformed back, weighted, and added where they overlap; the weights make the sum of overlapping windows' squares 1.</summary>
    private static Value InverseShortTime(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value Real, Value Imaginary) z = Complex(c);
        int length = c.Int("fft_length", 0), step = c.Int("sequence_stride", 1);
        Value frames = InverseReal(g, z, length);
        if (Window(c) is { } window)
        {
            frames = g.Mul(frames, g.Cast(g.Constant(Tensor.From(Inverse(window, step), length)), frames.DType));
        }

        Dim count = frames.Shape[-2], total = ((count - 1) * step) + length;
        var outer = new SymbolicShape(frames.Shape.Take(frames.Rank - 2));
        Value rows = g.Transpose(g.Reshape(frames, outer.Length, count * length), [1, 0]);
        Value places = g.Reshape(Places(g, count, length, step), count * length, 1);
        Value sum = g.ScatterND(g.Zeros(new SymbolicShape(total, outer.Length), frames.DType), places, rows, ScatterReduction.Add);
        Value signal = g.Reshape(g.Transpose(sum, [1, 0]), new SymbolicShape([.. outer, total]));
        bool center = c.Flag("center", true);
        int start = center ? length / 2 : 0;
        Dim end = c.IntOrNull("length") is { } wanted ? start + wanted : center ? total - start : total;
        return g.Slice(signal, signal.Rank - 1, start, end);
    }

    /// <summary>The window in the middle of a frame; null for none.</summary>
    private static double[]? Window(OperationCall c)
    {
        int length = c.Int("sequence_length", 0), frame = c.Int("fft_length", 0), left = (frame - length) / 2;
        double[]? window = c.IsNone("window") ? null : c.Parameter("window") switch
        {
            null or JValue { Value: "hann" } => Cosine(0.5),
            JValue { Value: "hamming" } => Cosine(0.54),
            JToken tensor when JsonTensor.IsTensor(tensor) => JsonTensor.Read(tensor, DType.Float64).Cast(DType.Float64).As<double>().ToArray(),
            var other => throw c.Config.Wrong("window", other, "hann, hamming, null or numbers"),
        };
        return window is null ? null : [.. new double[left], .. window, .. new double[frame - length - left]];

        double[] Cosine(double a) => [.. Enumerable.Range(0, length).Select(t => a - ((1 - a) * Math.Cos(2 * Math.PI * t / length)))];
    }

    private static double[] Inverse(double[] window, int step)
    {
        var sums = new double[step];
        for (int t = 0; t < window.Length; t++)
        {
            sums[t % step] += window[t] * window[t];
        }

        return [.. window.Select((w, t) => w / sums[t % step])];
    }
}
