using KerasCompat.Protobuf;
using KerasCompat.Runtime;

namespace KerasCompat.Containers;

/// <summary>Where a tensor lies in a checkpoint.</summary>
/// <param name="Type">TensorFlow's number of its element type.</param>
/// <param name="Dimensions">Its shape.</param>
/// <param name="Shard">The file.</param>
/// <param name="Offset">The first byte in that file.</param>
/// <param name="Length">The number of bytes.</param>
/// <param name="Checksum">Of the bytes; null where none is given.</param>
/// <param name="IsSliced">True where the tensor lies in pieces under other keys.</param>
/// <remarks>TensorFlow, <c>core/protobuf/tensor_bundle.proto</c>: BundleEntryProto.</remarks>
internal sealed record BundleEntry(int Type, IReadOnlyList<long> Dimensions, long Shard, long Offset, long Length, uint? Checksum, bool IsSliced)
{
    private const int TypeField = 1, ShapeField = 2, ShardField = 3, OffsetField = 4, LengthField = 5, ChecksumField = 6, SlicesField = 7;

    /// <exception cref="ModelFormatException">It is no such entry.</exception>
    public static BundleEntry Read(byte[] message, string place)
    {
        var entry = new BundleEntry(0, [], 0, 0, 0, null, false);
        ProtoReader proto = ProtoReader.Of(message, place, "an entry of a checkpoint");
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            entry = field switch
            {
                TypeField => entry with { Type = (int)proto.Integer() },
                ShapeField => entry with { Dimensions = TensorShape.Read(proto.Message()) ?? throw new ModelFormatException(place, "a tensor of unknown rank", "its shape") },
                ShardField => entry with { Shard = proto.Integer() },
                OffsetField => entry with { Offset = proto.Integer() },
                LengthField => entry with { Length = proto.Integer() },
                ChecksumField => entry with { Checksum = proto.Fixed32() },
                SlicesField => entry with { IsSliced = true },
                _ => entry,
            };
        }

        return entry;
    }
}
