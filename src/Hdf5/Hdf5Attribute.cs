namespace KerasCompat.Hdf5;

/// <summary>An attribute: a small value that an object carries.</summary>
public sealed class Hdf5Attribute
{
    private readonly Dataspace space;
    private readonly StoredArray elements;
    private readonly Place place;

    internal Hdf5Attribute(string name, Hdf5Type type, Dataspace space, ReadOnlyMemory<byte> data, Place place)
    {
        (Name, Type, this.space, this.place) = (name, type, space, place);
        elements = new StoredArray(type, space, new MemoryStorage(data), place);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

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

    /// <summary>All elements, the last dimension fastest.</summary>
    /// <typeparam name="T">The stored type exactly, in whichever byte order.</typeparam>
    /// <exception cref="ModelFormatException">The elements are of another type.</exception>
    /// <exception cref="ResourceLimitException">They are more than <see cref="ReadLimits"/> allows.</exception>
    public T[] Read<T>()
        where T : unmanaged => elements.Read<T>();

    /// <summary>All elements as bytes, numbers in little-endian order.</summary>
    /// <exception cref="ModelFormatException">The elements are of variable length.</exception>
    /// <exception cref="ResourceLimitException">They are more than <see cref="ReadLimits"/> allows.</exception>
    public byte[] ReadBytes() => elements.ReadBytes();

    /// <summary>All elements as text, padding taken off.</summary>
    /// <exception cref="ModelFormatException">The elements are no text, not ASCII or UTF-8, or damaged.</exception>
    /// <exception cref="ResourceLimitException">They are more than <see cref="ReadLimits"/> allows.</exception>
    public string[] ReadStrings() => elements.ReadStrings();

    /// <summary>The one text it holds.</summary>
    /// <exception cref="ModelFormatException">It holds something else.</exception>
    /// <exception cref="ResourceLimitException">It is more than <see cref="ReadLimits"/> allows.</exception>
    public string ReadString() => ReadStrings() is [var text]
        ? text
        : throw new ModelFormatException(place.ToString(), $"{space.Count} texts", "one");

    /// <summary>All elements, of any type.</summary>
    /// <exception cref="ModelFormatException">They are damaged.</exception>
    /// <exception cref="UnsupportedModelException">Their type is unknown.</exception>
    /// <exception cref="ResourceLimitException">They are more than <see cref="ReadLimits"/> allows.</exception>
    public Hdf5Value ReadValue() => elements.ReadValue();
}
