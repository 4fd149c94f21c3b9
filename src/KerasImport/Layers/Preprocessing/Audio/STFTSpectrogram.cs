using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The spectrum of each frame of a signal: <c>(batch, time, channels)</c> → <c>(batch, frames, channels · bins)</c>.</summary>
/// <remarks>
/// Two convolutions with stored kernels give the real and the imaginary part of each bin, <c>power = re² + im²</c>. Modes: <c>log</c>
/// ln of the magnitude, <c>magnitude</c> √max(power, 1e-7), <c>psd</c> the power with all but the outer bins doubled, <c>real</c>,
/// <c>imag</c>, <c>angle</c>, <c>stft</c> (both parts, one after the other along the bins). Config: <c>mode</c>, <c>frame_length</c> (256),
/// <c>frame_step</c> (half of it), <c>fft_length</c> (the next power of two), <c>padding</c>, <c>expand_dims</c> (bins on an axis of their
/// own), <c>data_format</c>. Weights: <c>real_kernel</c> and <c>imag_kernel</c> (frame_length, 1, fft_length / 2 + 1), as far as the mode
/// needs them; window and scaling are in them. The mask is dropped.
/// </remarks>
internal sealed class STFTSpectrogram : Layer
{
    private const double Epsilon = 1e-7;

    private readonly string _mode;
    private readonly int _frameLength;
    private readonly int _frameStep;
    private readonly int _bins;
    private readonly Padding _padding;
    private readonly bool _ownAxis;
    private readonly bool _channelsFirst;
    private Weight? _real;
    private Weight? _imaginary;

    public STFTSpectrogram(LayerConfig config)
        : base(config)
    {
        _mode = config.OneOf("mode", "log", "log", "magnitude", "psd", "real", "imag", "angle", "stft");
        _frameLength = config.Int("frame_length", 256);
        _frameStep = config.Int("frame_step", _frameLength / 2);
        int length = config.IntOrNull("fft_length") ?? (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_frameLength);
        _bins = (length / 2) + 1;
        _padding = Padding.Parse(config.OneOf("padding", "valid", "valid", "same"));
        _ownAxis = config.Bool("expand_dims", false);
        _channelsFirst = config.ChannelsFirst();
        config.Ignore("window", "periodic", "scaling");
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(SymbolicShape input)
    {
        _real = _mode == "imag" ? null : AddWeight("real_kernel", [_frameLength, 1, _bins]);
        _imaginary = _mode == "real" ? null : AddWeight("imag_kernel", [_frameLength, 1, _bins]);
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = call.Input.Value;
        Value? real = _real is null ? null : Part(call, x, _real), imaginary = _imaginary is null ? null : Part(call, x, _imaginary);
        return new KerasTensor(Arrange(g, _mode switch
        {
            "real" => real!,
            "imag" => imaginary!,
            "angle" => g.Atan2(imaginary!, real!),
            "stft" => g.Concat([real!, imaginary!], 2),
            "psd" => Density(g, Power()),
            "magnitude" => Magnitude(),
            _ => g.Log(g.Maximum(Magnitude(), Epsilon)),
        }));

        Value Power() => g.Add(g.Square(real!), g.Square(imaginary!));

        Value Magnitude() => g.Sqrt(g.Maximum(Power(), Epsilon));
    }

    /// <summary>One part of the spectrum, (batch, channels, bins, frames).</summary>
    private Value Part(LayerCall call, Value x, Weight kernel)
    {
        GraphBuilder g = call.Graph;
        Value signals = _channelsFirst ? x : g.Transpose(x, [0, 2, 1]);
        (Dim batch, Dim channels, Dim time) = (signals.Shape[0], signals.Shape[1], signals.Shape[2]);
        Value frames = g.Conv(g.Reshape(signals, batch * channels, time, 1), call.Weight(kernel), null, [_frameStep], [1], _padding);
        return g.Reshape(g.Transpose(frames, [0, 2, 1]), batch, channels, _bins, frames.Shape[1]);
    }

    private Value Density(GraphBuilder g, Value power)
    {
        Value inner = g.Slice(power, 2, 1, _bins - 1);
        return g.Add(power, g.Pad(inner, [0, 0, 1, 0], [0, 0, 1, 0]));
    }

    private Value Arrange(GraphBuilder g, Value x)
    {
        if (_ownAxis)
        {
            return g.Transpose(x, _channelsFirst ? [0, 1, 3, 2] : [0, 3, 2, 1]);
        }

        Value joined = g.Reshape(x, x.Shape[0], x.Shape[1] * x.Shape[2], x.Shape[3]);
        return _channelsFirst ? joined : g.Transpose(joined, [0, 2, 1]);
    }
}
