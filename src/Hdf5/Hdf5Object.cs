namespace KerasCompat.Hdf5;

/// <summary>A group, a dataset or a named datatype.</summary>
public abstract class Hdf5Object
{
    private protected Hdf5Object(StoredObject stored, Place place) => (Stored, Place) = (stored, place);

    /// <summary>The path it was opened by: <c>/model_weights/dense_1</c>; of the root <c>/</c>.</summary>
    public string Path => Place.Path;

    /// <summary>Where it lies in the file: two paths with one address lead to one object.</summary>
    public long Address => Stored.Address;

    /// <summary>Its attributes by name, in the order they were made where the file tracks it; read at the first use.</summary>
    /// <exception cref="ModelFormatException">An attribute's description is damaged.</exception>
    public IReadOnlyDictionary<string, Hdf5Attribute> Attributes => Stored.Attributes(Place);

    internal StoredObject Stored { get; }

    internal Place Place { get; }
}

/// <summary>A datatype that is an object of its own.</summary>
public sealed class Hdf5NamedType : Hdf5Object
{
    internal Hdf5NamedType(StoredObject stored, Place place)
        : base(stored, place) => Type = stored.ReadType(place);

    /// <summary>The type.</summary>
    public Hdf5Type Type { get; }
}
