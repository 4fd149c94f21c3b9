using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Keeps a fixed number of bounding boxes and labels of each image, missing ones filled with −1; images stay as they are.</summary>
/// <remarks>
/// Input: images, or a dictionary with <c>images</c>, <c>labels</c>, <c>bounding_boxes</c> of <c>boxes</c> (batch, n, 4) and <c>labels</c>
/// (batch, n). Config: <c>max_number</c>. Weights: none. The mask is dropped.
/// </remarks>
internal sealed class MaxNumBoundingBoxes : Layer
{
    private readonly int _count;

    public MaxNumBoundingBoxes(LayerConfig config)
        : base(config)
    {
        _count = config.Int("max_number");
        config.Ignore("bounding_box_format", "data_format");
        if (config.Double("fill_value", -1) is not -1)
        {
            config.Unsupported("fill_value", "-1", LayerConfig.Mend);
        }
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call) => call.First is Structure.Mapping data
        ? new Structure.Mapping([.. data.Items.Select(i => i.Key == "bounding_boxes"
            ? KeyValuePair.Create(i.Key, i.Value.Map(t => t with { Value = Limit(call.Graph, t.Value) }))
            : i)])
        : call.First;

    private Value Limit(GraphBuilder g, Value x)
    {
        // Filled by the whole number first, so that the cut always finds enough, whatever n turns out to be.
        var after = new int[x.Rank];
        after[1] = _count;
        return g.Slice(g.Pad(x, new int[x.Rank], after, PadMode.Constant, -1), 1, 0, _count);
    }
}
