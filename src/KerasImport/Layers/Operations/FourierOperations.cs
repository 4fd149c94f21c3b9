using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The Fourier transforms of <c>keras.ops.math</c>: pairs of tensors are real and imaginary parts.</summary>
internal static class FourierOperations
{
    public static OperationSet Table { get; } = new()
    {
        ["FFT"] = c => Complex(c) is var (real, imaginary) ? Pair(c.Graph.FFT(real, imaginary)) : null!,
        ["FFT2"] = c => Complex(c) is var (real, imaginary) ? Pair(c.Graph.FFT2(real, imaginary)) : null!,
        ["IFFT2"] = InverseSquare,
        ["IRFFT"] = c => new KerasTensor(Complex(c) is var (real, imaginary) ? c.Graph.IRFFT(real, imaginary, c.IntOrNull("fft_length")) : null!),
        ["ISTFT"] = c => new KerasTensor(InverseShortTime(c)),
        ["RFFT"] = c => Pair(c.Graph.RFFT(c.X, c.IntOrNull("fft_length"))),
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

    private static Structure InverseSquare(OperationCall c)
    {
        (Value real, Value imaginary) = Complex(c);
        return Pair(c.Graph.FFT2(real, imaginary, inverse: true));
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
        return g.RFFT(Window(c) is { } window ? g.Mul(frames, g.Cast(g.Constant(Tensor.From(window, length)), x.DType)) : frames);
    }

    /// <summary>Frames are transformed back, weighted, and added where they overlap; the weights make the sum of overlapping windows' squares 1.</summary>
    private static Value InverseShortTime(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value real, Value imaginary) = Complex(c);
        int length = c.Int("fft_length", 0), step = c.Int("sequence_stride", 1);
        Value frames = g.IRFFT(real, imaginary, length);
        if (Window(c) is { } window)
        {
            frames = g.Mul(frames, g.Cast(g.Constant(Tensor.From(Inverse(window, step), length)), frames.DType));
        }

        Dim count = frames.Shape[-2], total = ((count - 1) * step) + length;
        var outer = new SymbolicShape(frames.Shape.Take(frames.Rank - 2));
        Value rows = g.Transpose(g.Reshape(frames, outer.ElementCount, count * length), [1, 0]);
        Value places = g.Reshape(Places(g, count, length, step), count * length, 1);
        Value sum = g.ScatterND(g.Zeros(new SymbolicShape(total, outer.ElementCount), frames.DType), places, rows, ScatterReduction.Add);
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
        c.Config.Afford("sequence_length", length);
        c.Config.Afford("fft_length", frame);
        double[]? window = c.IsNone("window") ? null : c.Parameter("window") switch
        {
            null or JValue { Value: "hann" } => Cosine(0.5),
            JValue { Value: "hamming" } => Cosine(0.54),
            JToken tensor when JsonTensor.IsTensor(tensor) => JsonTensor.Read(tensor, DType.Float64, c.Config.Place).Cast(DType.Float64).As<double>().ToArray(),
            var other => throw c.Config.Wrong("window", other, "hann, hamming, null or numbers"),
        };
        return window is null ? null : [.. new double[left], .. window, .. new double[frame - length - left]];

        double[] Cosine(double a) => [.. Enumerable.Range(0, length).Select(t => a - ((1 - a) * Math.Cos(2 * Math.PI * t / length)))];
    }

    private static double[] Inverse(double[] window, int step)
    {
        var sums = new double[Math.Min(step, window.Length)];
        for (int t = 0; t < window.Length; t++)
        {
            sums[t % step] += window[t] * window[t];
        }

        return [.. window.Select((w, t) => w / sums[t % step])];
    }
}
