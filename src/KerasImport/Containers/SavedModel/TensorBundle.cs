using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using KerasCompat.Protobuf;
using KerasCompat.Runtime;

namespace KerasCompat.Containers;

/// <summary>The tensors of a TensorFlow checkpoint: a table that says where each lies, and the files (shards) in which they lie.</summary>
/// <remarks>TensorFlow, <c>core/util/tensor_bundle/tensor_bundle.cc</c> and <c>core/protobuf/tensor_bundle.proto</c>.</remarks>
internal sealed class TensorBundle : IDisposable
{
    private const int ShardsField = 1, EndianField = 2;

    /// <summary>The smallest form of a text: its length in one byte.</summary>
    private const int LeastTextBytes = 1;

    private readonly ArchiveFolder _folder;
    private readonly string _prefix;
    private readonly ReadLimits _limits;
    private readonly IReadOnlyDictionary<string, byte[]> _entries;
    private readonly long _shards;
    private readonly Dictionary<string, Stream> _open = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private long _total;

    private TensorBundle(ArchiveFolder folder, string prefix, ReadLimits limits)
    {
        (_folder, _prefix, _limits, Place) = (folder, prefix, limits, folder.Place(IndexOf(prefix)));
        _entries = SortedTable.Read(folder.Read(IndexOf(prefix), limits.MaxMetadataBytes), Place, limits);
        _shards = Shards();
    }

    /// <summary>Where the table lies, for messages.</summary>
    public string Place { get; }

    /// <summary>The table's file.</summary>
    public static string IndexOf(string prefix) => $"{prefix}.index";

    /// <summary>Opens a checkpoint in a folder.</summary>
    /// <exception cref="ModelFormatException">Its table is damaged.</exception>
    /// <exception cref="UnsupportedModelException">Its numbers are in another byte order.</exception>
    public static TensorBundle Open(ArchiveFolder folder, string prefix, ReadLimits limits) => new(folder, prefix, limits);

    /// <summary>A tensor to be read later.</summary>
    /// <param name="key">Its key in the table.</param>
    /// <param name="path">Where it stands, for messages.</param>
    /// <param name="name">Its name.</param>
    /// <exception cref="ModelFormatException">There is none, or its bytes are not all there.</exception>
    /// <exception cref="UnsupportedModelException">Its elements are of a type that tensors here cannot have, or it lies in pieces.</exception>
    /// <exception cref="ResourceLimitException">It is larger than the limits allow.</exception>
    public StoredArray Describe(string key, string path, string name)
    {
        Stored tensor = Find(key);
        return new StoredArray(path, name, tensor.Type, tensor.Shape, () => Read(tensor));
    }

    /// <summary>The elements of a tensor of texts, as the bytes they are.</summary>
    /// <inheritdoc cref="Describe"/>
    public IReadOnlyList<byte[]> ReadTexts(string key)
    {
        Stored tensor = Find(key);
        return tensor.Type == DType.String ? Texts(tensor) : throw new ModelFormatException(tensor.Place, $"{tensor.Type.Name()} {tensor.Shape}", "texts");
    }

    /// <summary>Closes the shards.</summary>
    public void Dispose()
    {
        foreach (Stream stream in _open.Values)
        {
            stream.Dispose();
        }

        _open.Clear();
    }

    private Stored Find(string key)
    {
        string place = $"{Place}: {key}";
        if (!_entries.TryGetValue(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(key)), out byte[]? message))
        {
            throw new ModelFormatException(Place, $"no tensor {key}", "every variable that the objects of the model name", "the files under variables/ belong to another model");
        }

        BundleEntry entry = BundleEntry.Read(message, place);
        if (entry.IsSliced)
        {
            throw new UnsupportedModelException(place, "a variable in slices, as parameter servers keep it", "a variable in one piece", "load the model in Python without a distribution strategy and save it again");
        }

        if (entry.Dimensions.Any(size => size < 0))
        {
            throw new ModelFormatException(place, $"a tensor of shape ({string.Join(", ", entry.Dimensions)})", "sizes of 0 or more");
        }

        DType type = TensorFlowTypes.Of(entry.Type, place);
        var tensor = new Stored(entry, type, StoredShape.Of(entry.Dimensions, type, place, _limits), place);
        CheckBytes(tensor);
        return tensor;
    }

    private long Shards()
    {
        if (!_entries.TryGetValue(string.Empty, out byte[]? header))
        {
            throw new ModelFormatException(Place, "a table without header", "the table of a checkpoint", "copy or download the file again");
        }

        long shards = 1;
        ProtoReader proto = ProtoReader.Of(header, Place, "a checkpoint's header");
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            shards = field == ShardsField ? proto.Integer() : shards;
            if (field == EndianField && proto.Integer() != 0)
            {
                throw new UnsupportedModelException(Place, "a checkpoint whose numbers begin with their highest byte", "the lowest byte first", "load the model on another machine and save it again");
            }
        }

        return shards;
    }

    private void CheckBytes(Stored tensor)
    {
        (BundleEntry entry, DType type, Shape shape, string place) = tensor;
        long least = type == DType.String ? ((long)shape.ElementCount * LeastTextBytes) + sizeof(uint) : (long)shape.ElementCount * type.Size();
        if (type == DType.String ? entry.Length < least : entry.Length != least)
        {
            throw new ModelFormatException(place, $"{entry.Length} bytes for {type.Name()} {shape}", $"{(type == DType.String ? "at least " : string.Empty)}{least}", "copy or download the file again");
        }

        if (entry.Length > Math.Min(_limits.MaxArrayBytes, Array.MaxLength))
        {
            throw new ResourceLimitException(place, $"{entry.Length} bytes", $"at most {Math.Min(_limits.MaxArrayBytes, Array.MaxLength)}");
        }

        _total += entry.Length;
        if (_total > _limits.MaxTotalBytes)
        {
            throw new ResourceLimitException(Place, $"{_total} bytes of tensors", $"at most {_limits.MaxTotalBytes}", "raise ReadLimits.MaxTotalBytes if the file is trusted");
        }

        string shard = ShardOf(entry);
        if (!_folder.Has(shard))
        {
            throw new ModelFormatException(_folder.Name, $"no file {shard}", $"all {_shards} shards of the weights", "copy the whole folder");
        }

        long length = _folder.Length(shard);
        if (entry.Offset < 0 || entry.Offset > length || entry.Length > length - entry.Offset)
        {
            throw ForeignFile.Find(_folder.Start(shard, ForeignFile.Head)) is { } foreign
                ? new ModelFormatException(_folder.Place(shard), foreign.What, "a shard of the weights", foreign.Remedy)
                : new ModelFormatException(place, $"bytes {entry.Offset} to {entry.Offset + entry.Length} of {length} in {shard}", "bytes within the file", "the file was cut short, or belongs to another model");
        }
    }

    private string ShardOf(BundleEntry entry) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}.data-{entry.Shard:D5}-of-{_shards:D5}");

    private Tensor Read(Stored tensor)
    {
        _limits.CancellationToken.ThrowIfCancellationRequested();
        if (tensor.Type == DType.String)
        {
            return new Tensor<string>(Array.ConvertAll(Texts(tensor), Encoding.UTF8.GetString), tensor.Shape);
        }

        if (tensor.Type == DType.Bool)
        {
            // Damaged files hold other bytes than 0 and 1, which .NET's bool does not survive.
            var bytes = new byte[tensor.Entry.Length];
            Fill(tensor, bytes);
            Check(MaskedCrc32C.Of(bytes), tensor.Entry.Checksum, tensor.Place);
            return new Tensor<bool>(Array.ConvertAll(bytes, b => b != 0), tensor.Shape);
        }

        Tensor numbers = Tensor.Zeros(tensor.Type, tensor.Shape);
        Fill(tensor, numbers.Bytes);
        Check(MaskedCrc32C.Of(numbers.Bytes), tensor.Entry.Checksum, tensor.Place);
        return numbers;
    }

    private void Fill(Stored tensor, Span<byte> target)
    {
        string shard = ShardOf(tensor.Entry);
        lock (_lock)
        {
            if (!_open.TryGetValue(shard, out Stream? stream))
            {
                _open.Add(shard, stream = _folder.OpenSeekable(shard));
            }

            stream.Position = tensor.Entry.Offset;
            if (stream.ReadAtLeast(target, target.Length, throwOnEndOfStream: false) < target.Length)
            {
                throw new ModelFormatException(tensor.Place, $"a shard {shard} that was cut while it was read", "all its bytes");
            }
        }
    }

    /// <summary>The lengths of all texts, a checksum of these lengths as integers of four bytes, the texts.</summary>
    private byte[][] Texts(Stored tensor)
    {
        string place = tensor.Place;
        var bytes = new byte[tensor.Entry.Length];
        Fill(tensor, bytes);
        var lengths = new int[tensor.Shape.ElementCount];
        uint crc = 0;
        int at = 0;
        Span<byte> fixedLength = stackalloc byte[sizeof(uint)];
        for (int i = 0; i < lengths.Length; i++)
        {
            ulong length = Varint.Read(bytes, ref at, place);
            lengths[i] = length <= (ulong)bytes.Length ? (int)length : throw new ModelFormatException(place, $"a text of {length} bytes among {bytes.Length}", "texts within the tensor");
            BinaryPrimitives.WriteInt32LittleEndian(fixedLength, lengths[i]);
            crc = MaskedCrc32C.Extend(crc, fixedLength);
        }

        long all = lengths.Sum(length => (long)length);
        if (all != bytes.Length - at - sizeof(uint))
        {
            throw new ModelFormatException(place, $"texts of {all} bytes in {bytes.Length}", "texts that fill the tensor");
        }

        Check(MaskedCrc32C.Mask(crc), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)), place);
        Check(MaskedCrc32C.Mask(MaskedCrc32C.Extend(crc, bytes.AsSpan(at))), tensor.Entry.Checksum, place);
        at += sizeof(uint);
        var texts = new byte[lengths.Length][];
        for (int i = 0; i < texts.Length; at += lengths[i++])
        {
            texts[i] = bytes[at..(at + lengths[i])];
        }

        return texts;
    }

    private static void Check(uint found, uint? expected, string place)
    {
        if (expected is { } checksum && found != checksum)
        {
            throw new ModelFormatException(place, $"bytes of checksum {found:X8}", $"{checksum:X8}", "the file is damaged: copy or download it again");
        }
    }

    private sealed record Stored(BundleEntry Entry, DType Type, Shape Shape, string Place);
}
