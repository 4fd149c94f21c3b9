using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>One part of what stands between the brackets of <c>x[…]</c>.</summary>
internal abstract record SliceKey
{
    /// <summary><c>...</c>: all axes that the other keys leave.</summary>
    public sealed record Ellipsis : SliceKey;

    /// <summary><c>None</c>: a new axis.</summary>
    public sealed record NewAxis : SliceKey;

    /// <summary>An index; the axis disappears.</summary>
    public sealed record At(int Index) : SliceKey;

    /// <summary>An index that the run decides: a scalar; or several, which take the axis' place.</summary>
    public sealed record Picked(Value Index) : SliceKey;

    /// <summary><c>start:stop:step</c>.</summary>
    public sealed record Range(Bound? Start, Bound? Stop, int Step) : SliceKey;

    /// <summary>A place, known or decided by the run.</summary>
    public sealed record Bound(int Place, Value? Computed = null);
}

/// <summary>Indexing as Python writes it, with basic keys: integers, slices, <c>...</c>, <c>None</c>, and tensors of integers.</summary>
internal static class PythonSlicing
{
    /// <summary>Reads Keras 3's keys: <c>__slice__</c>, <c>__ellipsis__</c>, null, integers, tensors, or a list of such.</summary>
    public static IReadOnlyList<SliceKey> Keys(Structure? key, string place) => key switch
    {
        Structure.Sequence list => [.. list.Items.Select(k => Key(k, place))],
        Structure.Constant { Token: JArray list } => [.. list.Select(i => Key(new Structure.Constant(i), place))],
        null => [new SliceKey.NewAxis()],
        _ => [Key(key, place)],
    };

    /// <summary><c>x[keys]</c>.</summary>
    public static Value Apply(GraphBuilder g, Value x, IReadOnlyList<SliceKey> keys)
    {
        int used = keys.Count(k => k is SliceKey.At or SliceKey.Picked or SliceKey.Range), axis = 0;
        int left = x.Rank - used;
        foreach (SliceKey key in keys.Any(k => k is SliceKey.Ellipsis) ? keys : [.. keys, new SliceKey.Ellipsis()])
        {
            switch (key)
            {
                case SliceKey.Ellipsis:
                    axis += left;
                    left = 0;
                    break;
                case SliceKey.NewAxis:
                    x = g.ExpandDims(x, axis++);
                    break;
                case SliceKey.At at:
                    x = g.Select(x, axis, at.Index);
                    break;
                case SliceKey.Picked picked:
                    x = g.Gather(x, picked.Index, axis);
                    axis += picked.Index.Rank;
                    break;
                case SliceKey.Range range:
                    x = Cut(g, x, axis++, range);
                    break;
            }
        }

        return x;
    }

    private static Value Cut(GraphBuilder g, Value x, int axis, SliceKey.Range range)
    {
        if (range.Start?.Computed is null && range.Stop?.Computed is null)
        {
            return g.Slice(x, axis, range.Start?.Place ?? (range.Step > 0 ? 0 : Slice.Open), range.Stop is { } stop ? stop.Place : null, range.Step);
        }

        if (range.Start?.Computed is null && range.Stop?.Computed is { Content: [var end] })
        {
            return g.Slice(x, axis, range.Start?.Place ?? 0, end, range.Step);
        }

        return g.SliceTo(x, axis, Scalar(range.Start), Scalar(range.Stop), range.Step);

        Value? Scalar(SliceKey.Bound? bound) => bound is null ? null : bound.Computed ?? g.Scalar(bound.Place, DType.Int64);
    }

    private static SliceKey Key(Structure key, string place) => key switch
    {
        { IsNull: true } => new SliceKey.NewAxis(),
        Structure.Leaf leaf => new SliceKey.Picked(leaf.Tensor.Value),
        Structure.Constant { Token: JValue { Value: long index } } => new SliceKey.At((int)index),
        Structure.Constant { Token: JObject wrapped } when (string?)wrapped["class_name"] == "__ellipsis__" => new SliceKey.Ellipsis(),
        Structure.Constant { Token: JObject wrapped } when (string?)wrapped["class_name"] == "__slice__" =>
            Range(name => wrapped["config"]?[name] is { } bound ? new Structure.Constant(bound) : null, place),
        Structure.Mapping wrapped when wrapped.Items.FirstOrDefault(i => i.Key == "config").Value is Structure.Mapping config =>
            Range(name => config.Items.FirstOrDefault(i => i.Key == name).Value, place),
        _ => throw new UnsupportedModelException($"{place}.key", key.ToString()!, "integers, slices, None, an ellipsis or tensors", "index with ops.take, which takes lists"),
    };

    private static SliceKey.Range Range(Func<string, Structure?> part, string place) =>
        new(Bound(part("start"), place), Bound(part("stop"), place), Bound(part("step"), place)?.Place ?? 1);

    private static SliceKey.Bound? Bound(Structure? bound, string place) => bound switch
    {
        null or { IsNull: true } => null,
        Structure.Leaf leaf => new SliceKey.Bound(0, leaf.Tensor.Value),
        Structure.Constant { Token: JValue { Value: long at } } => new SliceKey.Bound((int)at),
        Structure.Constant { Token: JObject tensor } => new SliceKey.Bound(JsonTensor.Read(tensor, DType.Int32, place).Cast(DType.Int32).As<int>().Span[0]),
        _ => throw new UnsupportedModelException($"{place}.key", bound.ToString()!, "an integer", LayerConfig.Mend),
    };
}
