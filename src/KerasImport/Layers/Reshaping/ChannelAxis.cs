using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// The place of the channels. Graph operators have them last; a layer whose <c>data_format</c> is <c>channels_first</c> moves them
/// there and back.
/// </summary>
internal static class ChannelAxis
{
    /// <summary>The value with its channels last.</summary>
    public static Value ToLast(GraphBuilder g, Value x, bool channelsFirst) =>
        channelsFirst && x.Rank > 2 ? g.Transpose(x, [0, .. Enumerable.Range(2, x.Rank - 2), 1]) : x;

    /// <summary>The value with its channels where the layer has them.</summary>
    public static Value FromLast(GraphBuilder g, Value x, bool channelsFirst) =>
        channelsFirst && x.Rank > 2 ? g.Transpose(x, [0, x.Rank - 1, .. Enumerable.Range(1, x.Rank - 2)]) : x;

    /// <summary>The axis of the channels.</summary>
    public static int Of(bool channelsFirst) => channelsFirst ? 1 : -1;

    /// <summary>The first of the spatial axes.</summary>
    public static int FirstSpatial(bool channelsFirst) => channelsFirst ? 2 : 1;
}
