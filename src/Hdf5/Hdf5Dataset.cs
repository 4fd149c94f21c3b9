namespace KerasCompat.Hdf5;

/// <summary>A dataset. Its elements are read when they are asked for.</summary>
public sealed class Hdf5Dataset : Hdf5Object
{
    private readonly Dataspace space;
    private readonly DataLayout layout;
    private readonly FilterPipeline? filters;
    private readonly StoredArray elements;

    internal Hdf5Dataset(StoredObject stored, Place place)
        : base(stored, place)
    {
        var header = stored.Header;
        Type = stored.ReadType(place);
        space = Dataspace.Read(header.Find(MessageType.Dataspace)!.Value.Body.Span, place);
        layout = header.Find(MessageType.DataLayout) is { } message
            ? DataLayout.Read(message.Body, place)
            : throw place.Damaged("a dataset that does not say where its data lies");
        filters = header.Find(MessageType.FilterPipeline) is { } pipeline ? FilterPipeline.Read(pipeline.Body.Span, place) : null;
        elements = new StoredArray(Type, space, Storage(header), place);
    }

    /// <summary>The type of an element.</summary>
    public Hdf5Type Type { get; }

    /// <summary>How many elements there are along each dimension; none for a scalar.</summary>
    public IReadOnlyList<long> Dimensions => space.Dimensions;

    /// <summary>How far each dimension may grow; -1 for ever.</summary>
    public IReadOnlyList<long> MaxDimensions => space.MaxDimensions;

    /// <summary>Whether it is one element, an array, or nothing.</summary>
    public Hdf5SpaceKind SpaceKind => space.Kind;

    /// <summary>Whether it has a type but no elements: h5py's <c>Empty</c>.</summary>
    public bool IsNull => space.Kind == Hdf5SpaceKind.Null;

    /// <summary>How the elements are stored.</summary>
    public Hdf5Layout Layout => layout.Kind;

    /// <summary>The shape of a chunk; empty unless the data is chunked.</summary>
    public IReadOnlyList<long> ChunkDimensions => layout.Chunk;

    /// <summary>What was done to chunks on their way into the file, in that order.</summary>
    public IReadOnlyList<Hdf5Filter> Filters => filters?.Filters ?? [];

    /// <summary>All elements, the last dimension fastest.</summary>
    /// <typeparam name="T">The stored type exactly, in whichever byte order: a primitive number, <see cref="Half"/>, or <see cref="bool"/> for h5py's bool.</typeparam>
    /// <exception cref="ModelFormatException">The elements are of another type, or damaged.</exception>
    /// <exception cref="UnsupportedModelException">They lie in another file, or a filter is unknown.</exception>
    /// <exception cref="ResourceLimitException">They are more than <see cref="ReadLimits"/> allows.</exception>
    public T[] Read<T>()
        where T : unmanaged => elements.Read<T>();

    /// <summary>All elements as bytes, numbers in little-endian order.</summary>
    /// <exception cref="ModelFormatException">The elements are of variable length, or damaged.</exception>
    /// <exception cref="UnsupportedModelException">They lie in another file, or a filter is unknown.</exception>
    /// <exception cref="ResourceLimitException">They are more than <see cref="ReadLimits"/> allows.</exception>
    public byte[] ReadBytes() => elements.ReadBytes();

    /// <summary>All elements as bytes, numbers in little-endian order, straight into the caller's memory.</summary>
    /// <param name="destination">Room for exactly all of them.</param>
    /// <exception cref="ArgumentException">The room is not what the elements take.</exception>
    /// <exception cref="ModelFormatException">The elements are of variable length, or damaged.</exception>
    /// <exception cref="UnsupportedModelException">They lie in another file, or a filter is unknown.</exception>
    /// <exception cref="ResourceLimitException">They are more than <see cref="ReadLimits"/> allows.</exception>
    public void ReadBytes(Span<byte> destination) => elements.ReadBytes(destination);

    /// <summary>The bytes of the file itself, where the elements lie in it in one piece in little-endian order and the file is mapped.</summary>
    /// <param name="bytes">All elements; to be used while the file is open.</param>
    /// <returns>Whether that can be had; else read them.</returns>
    /// <exception cref="ModelFormatException">The data lies outside the file.</exception>
    public bool TryGetContiguous(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        return layout.Kind == Hdf5Layout.Contiguous && Place.File.Bytes.IsMapped && elements.TryView(out bytes);
    }

    /// <summary>All elements as text, padding taken off.</summary>
    /// <exception cref="ModelFormatException">The elements are no text, not ASCII or UTF-8, or damaged.</exception>
    /// <exception cref="UnsupportedModelException">They lie in another file, or a filter is unknown.</exception>
    /// <exception cref="ResourceLimitException">They are more than <see cref="ReadLimits"/> allows.</exception>
    public string[] ReadStrings() => elements.ReadStrings();

    /// <summary>All elements, of any type.</summary>
    /// <exception cref="ModelFormatException">They are damaged.</exception>
    /// <exception cref="UnsupportedModelException">They lie in another file, or a filter or type is unknown.</exception>
    /// <exception cref="ResourceLimitException">They are more than <see cref="ReadLimits"/> allows.</exception>
    public Hdf5Value ReadValue() => elements.ReadValue();

    private IStorage Storage(ObjectHeader header)
    {
        var size = (Int128)space.Count * Type.Size;
        if (header.Find(MessageType.ExternalFiles) is not null)
        {
            return new RefusedStorage(() => Place.Unsupported(
                "external storage: the data lies in other files", "data inside the file", "rewrite the file with h5repack"));
        }

        var fill = FillValue.Read(header, Type.Size, Place);
        switch (layout.Kind)
        {
            case Hdf5Layout.Virtual:
                return new RefusedStorage(() => Place.Unsupported(
                    "a virtual dataset: the data lies in other datasets", "data of its own", "copy the data into a dataset of its own"));
            case Hdf5Layout.Compact:
                CheckSize(size, layout.Compact.Length);
                return new MemoryStorage(layout.Compact[..(int)size]);
            case Hdf5Layout.Contiguous or Hdf5Layout.Chunked when layout.Address == Cursor.Undefined && fill is { IsUndefined: true, IsNeverWritten: false }:
                return new UndefinedStorage(Place);
            case Hdf5Layout.Contiguous when size == 0 && layout is { Address: not Cursor.Undefined, Size: > 0 }:
                throw Place.Damaged($"{layout.Size} stored bytes", $"none: {string.Join(" × ", Dimensions)} elements");
            case Hdf5Layout.Contiguous when layout.Address == Cursor.Undefined || size == 0:
                return new UnwrittenStorage(fill.Effective);
            case Hdf5Layout.Contiguous:
                CheckSize(size, layout.Size == Cursor.Undefined ? long.MaxValue : layout.Size);
                return new ContiguousStorage(layout.Address, (long)size, Place);
            default:
                if (layout.Chunk.Length != space.Dimensions.Length || layout.ElementSize != Type.Size)
                {
                    throw Place.Damaged(
                        $"chunks of {layout.Chunk.Length} dimensions and elements of {layout.ElementSize} bytes",
                        $"{space.Dimensions.Length} dimensions and {Type.Size} bytes");
                }

                return new ChunkedStorage(layout, space, filters, fill.Effective, Place);
        }
    }

    private void CheckSize(Int128 size, long stored)
    {
        if (size > stored)
        {
            throw Place.Damaged($"{stored} stored bytes", $"{size}: {string.Join(" × ", Dimensions)} elements of {Type.Size} bytes");
        }
    }
}
