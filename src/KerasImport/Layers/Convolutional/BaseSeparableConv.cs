using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>A convolution of each channel alone, then a mix of the channels at every place; bias and activation after both.</summary>
/// <remarks>
/// <c>(batch, spatial…, channels)</c> → <c>(batch, new spatial…, filters)</c>; with <c>channels_first</c> the channels are axis 1.
/// Config: <c>filters</c>, <c>depth_multiplier</c> (m, 1), <c>kernel_size</c>, <c>strides</c>, <c>padding</c>, <c>data_format</c>,
/// <c>dilation_rate</c>, <c>activation</c>, <c>use_bias</c>. Weights: <c>depthwise_kernel</c> (window…, channels, m),
/// <c>pointwise_kernel</c> (1…, channels · m, filters), <c>bias</c> (filters). The mask is dropped.
/// </remarks>
internal abstract class BaseSeparableConv : Layer
{
    private readonly int _filters;
    private readonly int _multiplier;
    private readonly ConvolutionSettings _settings;
    private Weight? _depthwise;
    private Weight? _pointwise;
    private Weight? _bias;

    protected BaseSeparableConv(LayerConfig config, int rank)
        : base(config)
    {
        _filters = config.Int("filters");
        _multiplier = config.Int("depth_multiplier", 1);
        _settings = ConvolutionSettings.Read(config, rank);
        // tf.keras writes it for every convolution; here it means nothing.
        config.Ignore("groups");
    }

    public override IReadOnlyList<Sublayer> Sublayers => _settings.Activation.Sublayers;

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    private int[] Ones => [.. _settings.KernelSize.Select(_ => 1)];

    protected override void Build(SymbolicShape input)
    {
        int channels = Known(input[ChannelAxis.Of(_settings.ChannelsFirst)], "channel axis");
        _depthwise = AddWeight("depthwise_kernel", [.. _settings.KernelSize, channels, _multiplier]);
        _pointwise = AddWeight("pointwise_kernel", [.. Ones, channels * _multiplier, _filters]);
        _bias = _settings.UseBias ? AddWeight("bias", [_filters]) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = ChannelAxis.ToLast(g, call.FloatingInput, _settings.ChannelsFirst);
        Value each = g.DepthwiseConv(x, call.Weight(_depthwise!), null, _settings.Strides, _settings.Dilations, _settings.Padding);
        Value y = g.Conv(each, call.Weight(_pointwise!), call.WeightOrNull(_bias), Ones, Ones, Padding.Valid);
        return new KerasTensor(_settings.Activation.Apply(g, ChannelAxis.FromLast(g, y, _settings.ChannelsFirst)));
    }
}
