using KerasCompat.Hdf5;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>A <c>.keras</c> model: <c>config.json</c>, <c>metadata.json</c>, <c>model.weights.h5</c> and <c>assets/</c>, zipped or in a folder.</summary>
internal static class KerasArchive
{
    public const string ConfigFile = "config.json";
    public const string WeightsFile = "model.weights.h5";

    private const string MetadataFile = "metadata.json";
    private const string ShardedFile = "model.weights.json";
    private const string NpzFile = "model.weights.npz";

    /// <summary>Reads the archive; the result closes it.</summary>
    /// <exception cref="ModelFormatException">A part is missing or damaged.</exception>
    public static KerasFile Read(ArchiveFolder archive, string? folderPath, ReadLimits limits)
    {
        string place = archive.Place(ConfigFile);
        ArchitectureConfig architecture = ArchitectureConfig.From(JsonText.Parse(archive.Read(ConfigFile, limits.MaxTextBytes), place, limits), place, limits);
        (StoredWeights weights, IReadOnlyList<IDisposable> open) = Weights(archive, folderPath, limits);
        var file = new KerasFile
        {
            Name = archive.Name,
            Kind = ContainerKind.KerasArchive,
            Config = architecture.Config,
            TrainingConfig = architecture.TrainingConfig,
            KerasVersion = Version(archive, limits) ?? architecture.KerasVersion,
            Backend = architecture.Backend,
            Weights = weights,
            Assets = new ArchiveAssets(archive, limits),
        };
        file.Owning(archive);
        foreach (IDisposable resource in open)
        {
            file.Owning(resource);
        }

        return file;
    }

    /// <summary>The version is a note that prediction does not need: an archive without it, or with a broken one, loads.</summary>
    private static string? Version(ArchiveFolder archive, ReadLimits limits)
    {
        try
        {
            return archive.Has(MetadataFile) && JsonText.Parse(archive.Read(MetadataFile, limits.MaxTextBytes), archive.Place(MetadataFile), limits) is JObject metadata
                ? (metadata["keras_version"] as JValue)?.Value as string
                : null;
        }
        catch (ModelFormatException)
        {
            return null;
        }
    }

    private static (StoredWeights Weights, IReadOnlyList<IDisposable> Open) Weights(ArchiveFolder archive, string? folderPath, ReadLimits limits)
    {
        if (!archive.Has(WeightsFile))
        {
            if (folderPath is not null && archive.Has(ShardedFile))
            {
                string index = archive.Place(ShardedFile);
                return ShardedWeights.Read(JsonText.AsObject(JsonText.Parse(archive.Read(ShardedFile, limits.MaxTextBytes), index, limits), index), index, folderPath, limits);
            }

            throw archive.Has(NpzFile)
                ? new ModelFormatException(archive.Place(NpzFile), "weights as pickled Python objects (weights_format=\"npz\")", WeightsFile,
                    "pickles are never executed, and Keras itself no longer reads these: save the model again with weights_format=\"h5\"")
                : new ModelFormatException(archive.Name, $"no {WeightsFile}", "the weights beside config.json", "save the model again with model.save");
        }

        string place = archive.Place(WeightsFile);
        byte[] start = archive.Start(WeightsFile, 8);
        if (!start.AsSpan().SequenceEqual(FileForms.Hdf5Signature))
        {
            throw new ModelFormatException(place, start.Length == 0 ? "an empty file" : FileForms.Hdf5Signature.StartsWith(start) ? "an HDF5 file that is cut short" : "a file that is not HDF5",
                "the weights as HDF5", "save the model again with model.save");
        }

        Hdf5File hdf5 = archive.OpenHdf5(WeightsFile, limits);
        try
        {
            var arrays = new Hdf5Arrays(place, limits);
            StoredWeights weights = Hdf5LayerWeights.IsIn(hdf5.Root)
                ? Hdf5LayerWeights.Read(hdf5.Root, arrays, limits)
                : Hdf5PathWeights.Read(hdf5.Root, arrays, limits);
            return (weights, [hdf5]);
        }
        catch
        {
            hdf5.Dispose();
            throw;
        }
    }
}
