using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Applies a layer to every time step: <c>(batch, time, …)</c> → <c>(batch, time, …)</c>.</summary>
/// <remarks>
/// The steps are laid into the batch, where the inner layer takes them as examples of their own. Config: <c>layer</c>,
/// <c>mask_rule</c>. Weights: the inner layer's. With the mask rule <c>passes</c> (Keras 3) the mask goes on unchanged and the inner
/// layer sees none; with <c>inner</c> (Keras 2) the inner layer sees the axes of the mask that lie within a step, its own mask
/// goes on where it gives one, and else the mask reduced to <c>(batch, time)</c> by <c>any</c>.
/// </remarks>
internal sealed class TimeDistributed : Wrapper
{
    private readonly bool _innerMasks;

    public TimeDistributed(LayerConfig config)
        : base(config) => _innerMasks = config.OneOf("mask_rule", "passes", "passes", "inner") == "inner";

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    protected internal override RaggedRule RaggedRuleOf(int rank) => RaggedRule.Passes;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        SymbolicShape input = call.Inputs is [var first, ..] && first.Shape.Rank >= 2
            ? first.Shape
            : throw call.Fail("an input without a time axis", "inputs (batch, time, …)");
        Value? mask = call.Mask;
        Structure steps = call.First.Map(t => new KerasTensor(
            Flatten(g, t.Value),
            _innerMasks && t.Mask is { Rank: > 2 } inner ? Flatten(g, inner) : null));
        return Inner.Invoke(g, call.PassOn(steps)).Map(t => new KerasTensor(Unflatten(t.Value), OutputMask(t.Mask)));

        Value Unflatten(Value x) => g.Reshape(x, new SymbolicShape([input[0], input[1], .. x.Shape.Skip(1)]));

        Value? OutputMask(Value? inner)
        {
            if (_innerMasks && inner is not null)
            {
                return Unflatten(inner);
            }

            return _innerMasks && mask is { Rank: > 2 } ? g.ReduceAny(mask, [.. Enumerable.Range(2, mask.Rank - 2)]) : mask;
        }
    }

    private static Value Flatten(GraphBuilder g, Value x) => g.Reshape(x, new SymbolicShape([x.Shape[0] * x.Shape[1], .. x.Shape.Skip(2)]));
}
