using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// A convolution of each channel alone:
/// <c>y[b, o, c · m + k] = activation(bias[c · m + k] + Σ x[b, o · stride + j · dilation − before, c] · kernel[j, c, k])</c>.
/// </summary>
/// <remarks>
/// <c>(batch, spatial…, channels)</c> → <c>(batch, new spatial…, channels · m)</c>; with <c>channels_first</c> the channels are axis 1.
/// Config: <c>depth_multiplier</c> (m, 1), <c>kernel_size</c>, <c>strides</c>, <c>padding</c>, <c>data_format</c>,
/// <c>dilation_rate</c>, <c>activation</c>, <c>use_bias</c>. Weights: <c>kernel</c> (window…, channels, m; before Keras 3 named
/// <c>depthwise_kernel</c>), <c>bias</c> (channels · m). The mask is dropped.
/// </remarks>
internal abstract class BaseDepthwiseConv : Layer
{
    private readonly int _multiplier;
    private readonly ConvolutionSettings _settings;
    private Weight? _kernel;
    private Weight? _bias;

    protected BaseDepthwiseConv(LayerConfig config, int rank)
        : base(config)
    {
        _multiplier = config.Int("depth_multiplier", 1);
        _settings = ConvolutionSettings.Read(config, rank);
        // tf.keras writes these for every convolution; here they mean nothing.
        config.Ignore("groups", "filters");
    }

    public override IReadOnlyList<Sublayer> Sublayers => _settings.Activation.Sublayers;

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(SymbolicShape input)
    {
        int channels = Known(input[ChannelAxis.Of(_settings.ChannelsFirst)], "channel axis");
        _kernel = AddWeight("kernel", [.. _settings.KernelSize, channels, _multiplier]);
        _bias = _settings.UseBias ? AddWeight("bias", [channels * _multiplier]) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = ChannelAxis.ToLast(g, call.FloatingInput, _settings.ChannelsFirst);
        Value y = g.DepthwiseConv(x, call.Weight(_kernel!), call.WeightOrNull(_bias), _settings.Strides, _settings.Dilations, _settings.Padding);
        return new KerasTensor(_settings.Activation.Apply(g, ChannelAxis.FromLast(g, y, _settings.ChannelsFirst)));
    }
}
