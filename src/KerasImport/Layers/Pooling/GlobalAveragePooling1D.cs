using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The mean of each feature over the steps that the mask keeps; see <see cref="BaseGlobalPooling"/>.</summary>
/// <remarks>A sequence of which the mask keeps no step gives NaN, as 0 / 0 does in Keras.</remarks>
internal sealed class GlobalAveragePooling1D(LayerConfig config) : BaseGlobalPooling(config, PoolKind.Average, rank: 1)
{
    protected internal override RaggedRule RaggedRuleOf(int rank) => ChannelsFirst ? RaggedRule.Refuses : RaggedRule.Masks;

    protected override Structure Call(LayerCall call)
    {
        if (call.Mask is not { } mask)
        {
            return base.Call(call);
        }

        GraphBuilder g = call.Graph;
        Value x = call.Input.Value;
        int time = ChannelAxis.FirstSpatial(ChannelsFirst);
        Value keep = g.ExpandDims(g.Cast(mask, DType.Bool), ChannelsFirst ? 1 : 2);
        Value sum = g.ReduceSum(g.Where(keep, x, g.Scalar(0, x.DType)), [time], KeepsAxes);
        return new KerasTensor(g.Div(sum, g.ReduceSum(g.Cast(keep, x.DType), [time], KeepsAxes)));
    }
}
