namespace KerasCompat.Layers;

/// <summary>At inference the images as they are (Keras 3.8 and later), or cut to the target's proportions and resized (to 3.5).</summary>
/// <remarks>
/// Config: <c>height</c>, <c>width</c>, <c>data_format</c>, <c>at_inference</c> (identity, smart_resize; Keras 3.6 and 3.7 cut at random even
/// then, which is refused). Weights: none. The mask is dropped.
/// </remarks>
internal sealed class RandomCrop : Layer
{
    private readonly int _height;
    private readonly int _width;
    private readonly ImageAxes _axes;
    private readonly bool _resizes;

    public RandomCrop(LayerConfig config)
        : base(config)
    {
        _height = config.Int("height");
        _width = config.Int("width");
        _axes = new ImageAxes(config.ChannelsFirst());
        string rule = config.OneOf("at_inference", "identity", "identity", "smart_resize", "random_crop");
        _resizes = rule == "smart_resize";
        config.Ignore("output_dtype");
        if (rule == "random_crop")
        {
            config.Unsupported("at_inference", "identity or smart_resize", "Keras 3.6 and 3.7 crop at random even at inference; save the model with another version");
        }
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call) => _resizes
        ? new KerasTensor(_axes.Apply(call.Graph, call.FloatingInput, x => CenterCrop.SmartResize(call, x, _height, _width)))
        : call.First;
}
