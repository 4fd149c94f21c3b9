namespace KerasCompat.Layers;

/// <summary><c>y = eˣ / Σ eˣ</c> over an axis, or over several axes together.</summary>
/// <remarks>
/// Config: <c>axis</c> (−1; an integer or a list), <c>masked_softmax</c>. Weights: none. A mask that broadcasts to the input takes
/// elements out: before Keras 3.13 −1e9 is added to them (<c>add</c>), with <c>robust_masking</c> of tf.keras it replaces them
/// (<c>where</c>). From 3.10 on their results are zeros besides (<c>add_zero_rows</c>, and <c>zero_rows</c> from 3.13), so that a row
/// masked whole gives zeros. The mask passes through.
/// </remarks>
internal sealed class Softmax : Layer
{
    private readonly AxisList _axis;
    private readonly MaskedSoftmax _masked;

    public Softmax(LayerConfig config)
        : base(config)
    {
        _axis = AxisList.Read(config);
        _masked = MaskedSoftmax.Read(config);
        config.Ignore("robust_masking");
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override Structure Call(LayerCall call) =>
        new KerasTensor(_masked.Apply(call.Graph, call.Input.Value, call.Mask, _axis.Of(call.Input.Shape.Rank)));
}
