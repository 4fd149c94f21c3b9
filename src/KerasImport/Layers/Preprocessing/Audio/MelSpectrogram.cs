using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The strength of a signal in bands of the mel scale: <c>(…, time)</c> → <c>(…, num_mel_bins, frames)</c>.</summary>
/// <remarks>
/// The signal, mirrored by half a frame at both ends, is cut into frames of <c>fft_length</c>, <c>sequence_stride</c> apart, and weighted
/// by a periodic window of <c>sequence_length</c> in the frame's middle; <c>|Fourier|^mag_exp</c> is summed by triangles that are linear
/// in <c>mel = 1127 · ln(1 + f / 700)</c>, the zero frequency left out. In decibels: <c>10 · log10(max(S, min_power)) − 10 ·
/// log10(max(|ref_power|, min_power))</c>, at least the largest of the whole batch less <c>top_db</c>. Config: these, <c>window</c>
/// (hann, hamming, null), <c>sampling_rate</c>, <c>min_freq</c>, <c>max_freq</c>, <c>power_to_db</c>. Weights: none. The mask is dropped.
/// </remarks>
internal sealed class MelSpectrogram : Layer
{
    private readonly MelBands _bands;
    private readonly int _stride;
    private readonly bool _decibels;
    private readonly double _topDecibels;
    private readonly double _exponent;
    private readonly double _leastPower;
    private readonly double _referencePower;

    public MelSpectrogram(LayerConfig config)
        : base(config)
    {
        int length = config.Int("fft_length", 2048), rate = config.Int("sampling_rate", 16000);
        string? window = config.Json["config"]?["window"] is null ? "hann" : config.StringOrNull("window");
        config.Ignore("window");
        _bands = new MelBands(
            length,
            config.IntOrNull("sequence_length") ?? length,
            window,
            rate,
            config.Int("num_mel_bins", 128),
            config.Double("min_freq", 20),
            config.DoubleOrNull("max_freq") ?? rate / 2);
        config.Afford("fft_length", length, length);
        config.Afford("num_mel_bins", (length / 2) + 1, _bands.Bands);
        _stride = config.Int("sequence_stride", 512);
        _decibels = config.Bool("power_to_db", true);
        _topDecibels = config.Double("top_db", 80);
        _exponent = config.Double("mag_exp", 2);
        _leastPower = config.Double("min_power", 1e-10);
        _referencePower = config.Double("ref_power", 1);
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        DType type = Policy.Compute == DType.Float64 ? DType.Float64 : DType.Float32;
        Value x = g.Cast(call.Input.Value, type);
        Dim time = x.Shape[-1];
        Value signals = g.Reshape(x, Dim.Product(x.Shape.Take(x.Rank - 1)), time, 1);
        int half = _bands.FrameLength / 2;
        Value mirrored = g.Pad(signals, [0, half, 0], [0, half, 0], PadMode.Reflect);
        Value parts = g.Conv(mirrored, Constant(_bands.FourierKernel(), type), null, [_stride], [1], Padding.Valid);
        IReadOnlyList<Value> both = g.Split(parts, -1, pieces: 2);
        Value power = g.Pow(g.Sqrt(g.Add(g.Square(both[0]), g.Square(both[1]))), _exponent);
        Value mel = g.MatMul(power, Constant(_bands.Triangles(), type));
        Value y = g.Transpose(_decibels ? Decibels(g, mel) : mel, [0, 2, 1]);
        return new KerasTensor(g.Cast(g.Reshape(y, new SymbolicShape([.. x.Shape.Take(x.Rank - 1), y.Shape[1], y.Shape[2]])), Policy.Compute));

        Value Constant(Tensor tensor, DType as_) => g.Constant(tensor.Cast(as_));
    }

    private Value Decibels(GraphBuilder g, Value power)
    {
        double reference = 10 * Math.Log10(Math.Max(Math.Abs(_referencePower), _leastPower));
        Value levels = g.Sub(g.Mul(g.Log10(g.Maximum(power, _leastPower)), 10), reference);
        return g.Maximum(levels, g.Sub(g.ReduceMax(levels), _topDecibels));
    }
}
