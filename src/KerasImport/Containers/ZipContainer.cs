using KerasCompat.Zip;

namespace KerasCompat.Containers;

/// <summary>A file that is a zip archive: a <c>.keras</c> model, a SavedModel folder, or one of the many things that are zips too.</summary>
internal static class ZipContainer
{
    private const string Unpack = "unpack it first and name the file or folder within";

    private static readonly (Func<string, bool> Is, string What, string? Remedy)[] Others =
    [
        (name => name.EndsWith("/data.pkl", StringComparison.Ordinal) || name == "data.pkl", "a PyTorch file ({0})", "PyTorch models are not Keras models: convert the weights in Python"),
        (name => name.EndsWith("/" + KerasArchive.ConfigFile, StringComparison.Ordinal), "a zip archive whose config.json lies in a folder ({0})", "zip the files themselves, not the folder they lie in"),
        (name => name == KerasArchive.WeightsFile, "a .keras archive without its architecture (only {0})", "save the model again with model.save"),
        (name => name.EndsWith(".keras", StringComparison.Ordinal) || name.EndsWith(".h5", StringComparison.Ordinal) || name.EndsWith(".hdf5", StringComparison.Ordinal), "a zip archive that holds a model file ({0})", Unpack),
        (name => name.EndsWith("model.json", StringComparison.Ordinal), "a zipped TensorFlow.js model ({0})", Unpack),
        (name => name is "[Content_Types].xml", "an Office document ({0})", null),
        (name => name is "META-INF/MANIFEST.MF", "a Java archive ({0})", null),
    ];

    /// <summary>Reads the archive; the result closes it.</summary>
    /// <exception cref="ModelFormatException">It is no Keras model.</exception>
    public static KerasFile Read(ZipReader zip, ReadLimits limits)
    {
        if (zip.TryGet(KerasArchive.ConfigFile, out _))
        {
            return KerasArchive.Read(new ZippedFolder(zip), folderPath: null, limits);
        }

        string[] savedModels = [.. zip.Members.Where(member => SavedModelContainer.IsModel(member.Name)).Select(member => member.Name[..^SavedModelFile.Name.Length])];
        if (savedModels.Length == 1)
        {
            return SavedModelContainer.Read(new ZippedFolder(zip, savedModels[0]), limits);
        }

        const string expected = "a .keras archive: config.json, metadata.json and model.weights.h5; or one SavedModel folder";
        if (savedModels.Length > 1)
        {
            throw new ModelFormatException(zip.Name, $"{savedModels.Length} SavedModels: {string.Join(", ", savedModels.Take(6))}", expected, Unpack);
        }

        if (zip.Members.Count > 0 && zip.Members.All(member => member.Name.EndsWith(".npy", StringComparison.Ordinal)))
        {
            throw new ModelFormatException(zip.Name, "a NumPy .npz file", expected, "it holds arrays and no model");
        }

        foreach ((Func<string, bool> test, string what, string? remedy) in Others)
        {
            if (zip.Members.FirstOrDefault(member => test(member.Name)) is { } member)
            {
                throw new ModelFormatException(zip.Name, $"{string.Format(null, what, member.Name)}: config.json is missing", expected, remedy);
            }
        }

        string members = zip.Members.Count == 0 ? "without any member" : $"of {string.Join(", ", zip.Members.Take(6).Select(member => member.Name))}";
        throw new ModelFormatException(zip.Name, $"a zip archive {members}: config.json is missing", expected);
    }
}
