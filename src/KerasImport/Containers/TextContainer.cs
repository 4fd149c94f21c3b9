using System.IO.Compression;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>A file that is text: an architecture as JSON or YAML, a TensorFlow.js model, or the index of sharded weights.</summary>
internal static class TextContainer
{
    /// <exception cref="ModelFormatException">The text is no JSON, or describes no model.</exception>
    public static KerasFile ReadJson(byte[] bytes, string name, string? folder, ReadLimits limits)
    {
        JToken token = JsonText.Parse(bytes, name, limits);
        if (token is JObject root)
        {
            if (TensorFlowJsModel.IsIn(root))
            {
                return TensorFlowJsModel.Read(root, name, folder, limits);
            }

            if (ShardedWeights.IsIndex(root))
            {
                return Shards(root, name, folder, limits);
            }
        }

        return Architecture(token, name, limits);
    }

    public static KerasFile ReadYaml(byte[] bytes, string name, ReadLimits limits)
    {
        JsonText.CheckLength(bytes.Length, name, limits);
        return Architecture(YamlText.Parse(TextDecoding.Decode(bytes, name), name, limits), name, limits);
    }

    /// <summary>An architecture compressed with gzip. Compressed models are named and refused.</summary>
    public static KerasFile ReadGzip(Stream stream, string name, string? folder, ReadLimits limits)
    {
        byte[] bytes = Inflate(stream, name, limits);
        (FileForm form, byte[] head) = FileForms.Of(new MemoryStream(bytes));
        return form switch
        {
            FileForm.Json => ReadJson(bytes, name, folder, limits),
            FileForm.Yaml => ReadYaml(bytes, name, limits),
            _ => throw new ModelFormatException(name, $"a gzip-compressed file of {Describe(form, head)}", "a Keras model", "unpack it first (gunzip)"),
        };
    }

    public static byte[] ReadAll(Stream stream, string name, ReadLimits limits)
    {
        JsonText.CheckLength(stream.Length, name, limits);
        var bytes = new byte[stream.Length];
        stream.Position = 0;
        return bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static KerasFile Architecture(JToken token, string name, ReadLimits limits)
    {
        ArchitectureConfig architecture = ArchitectureConfig.From(token, name, limits);
        return new KerasFile
        {
            Name = name,
            Kind = ContainerKind.Architecture,
            Config = architecture.Config,
            TrainingConfig = architecture.TrainingConfig,
            KerasVersion = architecture.KerasVersion,
            Backend = architecture.Backend,
        };
    }

    private static KerasFile Shards(JObject root, string name, string? folder, ReadLimits limits)
    {
        (StoredWeights weights, IReadOnlyList<IDisposable> open) = ShardedWeights.Read(root, name, folder
            ?? throw new ModelFormatException(name, "an index of sharded weights in a stream", "a path: the shards lie in files beside it", "open it by its path"), limits);
        var file = new KerasFile { Name = name, Kind = ContainerKind.ShardedWeights, Weights = weights };
        foreach (IDisposable shard in open)
        {
            file.Owning(shard);
        }

        return file;
    }

    /// <summary>Only as much is inflated as a text may have, and of a larger file only what tells what it is.</summary>
    private static byte[] Inflate(Stream stream, string name, ReadLimits limits)
    {
        stream.Position = 0;
        var output = new MemoryStream();
        var buffer = new byte[1 << 16];
        using var gzip = new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            for (int read = gzip.Read(buffer); read > 0; read = gzip.Read(buffer))
            {
                output.Write(buffer, 0, read);
                if (output.Length == read && FileForms.Of(output).Form is not (FileForm.Json or FileForm.Yaml))
                {
                    break;
                }

                output.Position = output.Length;
                JsonText.CheckLength(output.Length, name, limits);
            }
        }
        catch (InvalidDataException e)
        {
            throw new ModelFormatException(name, "damaged gzip data", remedy: "copy or download the file again", inner: e);
        }

        return output.ToArray();
    }

    private static string Describe(FileForm form, byte[] head) => form switch
    {
        FileForm.Hdf5 => "HDF5",
        FileForm.Zip => "a zip archive",
        _ => ForeignFile.Find(head)?.What ?? "something that is no JSON",
    };
}
