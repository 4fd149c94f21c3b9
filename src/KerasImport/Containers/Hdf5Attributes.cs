using System.Diagnostics.CodeAnalysis;
using KerasCompat.Hdf5;

namespace KerasCompat.Containers;

/// <summary>Reads the attributes Keras writes: texts of any HDF5 string type, and lists of names that may be split into pieces.</summary>
internal static class Hdf5Attributes
{
    /// <summary>A text, or null where there is no such attribute.</summary>
    /// <exception cref="ModelFormatException">The attribute is no text.</exception>
    public static string? Text(Hdf5Object owner, string name, string file)
    {
        if (!owner.Attributes.TryGetValue(name, out Hdf5Attribute? attribute) || attribute.IsNull)
        {
            return null;
        }

        return attribute.Type.IsString
            ? attribute.ReadString()
            : throw NotText(owner, name, attribute, file);
    }

    /// <summary>A text that is only for information: null where the attribute is absent or no text.</summary>
    public static string? Note(Hdf5Object owner, string name) =>
        owner.Attributes.TryGetValue(name, out Hdf5Attribute? attribute) && attribute is { IsNull: false, Type.IsString: true }
            && attribute.ReadStrings() is [string text] ? text : null;

    /// <summary>A list of names, whole or in the pieces <c>name0</c>, <c>name1</c>, …</summary>
    /// <remarks>Keras splits a list whose numpy form exceeds 64512 bytes, the limit of an object header.</remarks>
    /// <exception cref="ModelFormatException">The attribute is no text.</exception>
    public static bool TryNames(Hdf5Object owner, string name, string file, [NotNullWhen(true)] out IReadOnlyList<string>? names)
    {
        if (owner.Attributes.TryGetValue(name, out Hdf5Attribute? whole))
        {
            names = Names(owner, name, whole, file);
            return true;
        }

        var pieces = new List<string>();
        int count = 0;
        for (; owner.Attributes.TryGetValue($"{name}{count}", out Hdf5Attribute? piece); count++)
        {
            pieces.AddRange(Names(owner, $"{name}{count}", piece, file));
        }

        names = count > 0 ? pieces : null;
        return count > 0;
    }

    /// <summary>An empty list is stored as no numbers at all: h5py makes it an array of float64 with no elements.</summary>
    private static string[] Names(Hdf5Object owner, string name, Hdf5Attribute attribute, string file)
    {
        if (attribute.IsNull || attribute.Dimensions.Contains(0))
        {
            return [];
        }

        return attribute.Type.IsString ? attribute.ReadStrings() : throw NotText(owner, name, attribute, file);
    }

    private static ModelFormatException NotText(Hdf5Object owner, string name, Hdf5Attribute attribute, string file) =>
        new($"{file}:{owner.Path}@{name}", $"{attribute.Type}", "text");
}
