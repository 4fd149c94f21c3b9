using KerasCompat.Protobuf;

namespace KerasCompat.Containers;

/// <summary>TensorFlow's TensorShapeProto.</summary>
internal static class TensorShape
{
    private const int DimensionField = 2, UnknownRankField = 3, SizeField = 1;

    /// <summary>As many axes as TensorFlow allows.</summary>
    private const int MostAxes = 254;

    /// <summary>The sizes, -1 where one is open; null where even their number is.</summary>
    /// <exception cref="ModelFormatException">It is no shape.</exception>
    public static IReadOnlyList<long>? Read(ProtoReader proto)
    {
        var sizes = new List<long>();
        bool isKnown = true;
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            if (field == DimensionField && sizes.Count < MostAxes)
            {
                sizes.Add(Size(proto.Message()));
            }
            else if (field == UnknownRankField)
            {
                isKnown = proto.Integer() == 0;
            }
        }

        return isKnown ? sizes : null;
    }

    private static long Size(ProtoReader proto)
    {
        long size = 0;
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            size = field == SizeField ? proto.Integer() : size;
        }

        return size;
    }
}
