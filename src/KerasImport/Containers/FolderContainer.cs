namespace KerasCompat.Containers;

/// <summary>A folder: an unpacked <c>.keras</c> model, a TensorFlow.js model, a SavedModel, or something else that TensorFlow writes as a folder.</summary>
internal static class FolderContainer
{
    /// <exception cref="ModelFormatException">The folder holds no Keras model.</exception>
    public static KerasFile Read(string path, ReadLimits limits)
    {
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        bool Has(string file) => File.Exists(Path.Combine(path, file));
        if (Has(KerasArchive.ConfigFile))
        {
            return KerasArchive.Read(new PlainFolder(path, limits), path, limits);
        }

        if (Has("model.json"))
        {
            return KerasFileReader.OpenAlone(Path.Combine(path, "model.json"), limits);
        }

        var folder = new PlainFolder(path, limits);
        if (SavedModelContainer.IsIn(folder))
        {
            return SavedModelContainer.Read(folder, limits);
        }

        const string expected = "a folder with config.json and model.weights.h5, or with saved_model.pb";
        throw Has("checkpoint")
            ? new ModelFormatException(name, "a folder of TensorFlow checkpoints", expected, "build the model in Python, call load_weights, then model.save(\"model.keras\")")
            : new ModelFormatException(name, "a folder without config.json", expected, "name the model file itself");
    }
}
