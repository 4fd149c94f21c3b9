using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Images as the operators take them: (batch, height, width, channels). A single image is a batch of one.</summary>
/// <param name="ChannelsFirst">Whether the layer's images have their channels before rows and columns.</param>
internal sealed record ImageAxes(bool ChannelsFirst)
{
    /// <summary>Applies a function of images with channels last.</summary>
    public Value Apply(GraphBuilder g, Value images, Func<Value, Value> function)
    {
        bool single = images.Rank == 3;
        Value x = single ? g.ExpandDims(images, 0) : images;
        Value y = ChannelAxis.FromLast(g, function(ChannelAxis.ToLast(g, x, ChannelsFirst)), ChannelsFirst);
        return single ? g.Squeeze(y, 0) : y;
    }
}
