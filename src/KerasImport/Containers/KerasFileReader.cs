using KerasCompat.Hdf5;
using KerasCompat.Zip;

namespace KerasCompat.Containers;

/// <summary>Opens whatever Keras, tf.keras and TensorFlow.js save: what a file is, is told by its content and never by its name.</summary>
/// <remarks>
/// HDF5 (whole models, weights by layer back to Keras 0.3, <c>.weights.h5</c>), <c>.keras</c> archives and folders, sharded weights,
/// TensorFlow.js layers models, SavedModel folders of tf.keras (also zipped), architectures as JSON (also gzip-compressed) or YAML. Nothing in a
/// file is ever executed.
/// </remarks>
public static class KerasFileReader
{
    /// <summary>Opens a file or folder. Where it holds weights only, the architecture that lies beside it by name is read with it.</summary>
    /// <param name="path">A file, or the folder of an unpacked <c>.keras</c>, a TensorFlow.js model or a SavedModel.</param>
    /// <param name="limits">What the file may take; <see cref="ReadLimits.Default"/> where null.</param>
    /// <returns>The file, open until it is disposed. <see cref="KerasFile.Config"/> is null where no architecture was found.</returns>
    /// <exception cref="ModelFormatException">It is no Keras file, or damaged; the text says what it is.</exception>
    /// <exception cref="UnsupportedModelException">It uses something of its container that is not supported.</exception>
    /// <exception cref="ResourceLimitException">It asks for more than the limits allow.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static KerasFile Open(string path, ReadLimits? limits = null) => Open(path, limits ?? ReadLimits.Default, stays: false);

    /// <summary>Opens a file or folder, with the architecture that lies beside it; whether the weights may stay in the file.</summary>
    internal static KerasFile Open(string path, ReadLimits limits, bool stays)
    {
        KerasFile file = OpenAlone(path, limits, stays);
        if (file.Config is not null || file.Weights is null)
        {
            return file;
        }

        try
        {
            return NearbyArchitecture.Find(path, limits) is { } found ? Joined(file, found.Config, Path.GetFileName(found.Path)) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens weights and the architecture that belongs to them; either order will do.</summary>
    /// <param name="weightsPath">The weights: any file that holds some, a whole model too.</param>
    /// <param name="architecturePath">The architecture: JSON or YAML, or a whole model.</param>
    /// <param name="limits">What the files may take; <see cref="ReadLimits.Default"/> where null.</param>
    /// <exception cref="ModelFormatException">One is no Keras file or damaged, or they hold no weights or no architecture.</exception>
    /// <exception cref="UnsupportedModelException">One uses something of its container that is not supported.</exception>
    /// <exception cref="ResourceLimitException">One asks for more than the limits allow.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static KerasFile Open(string weightsPath, string architecturePath, ReadLimits? limits = null) =>
        Open(weightsPath, architecturePath, limits ?? ReadLimits.Default, stays: false);

    /// <summary>Opens weights and the architecture that belongs to them; whether the weights may stay in the file.</summary>
    internal static KerasFile Open(string weightsPath, string architecturePath, ReadLimits limits, bool stays)
    {
        KerasFile weights = OpenAlone(weightsPath, limits, stays);
        try
        {
            KerasFile architecture = OpenAlone(architecturePath, limits, stays);
            if (weights.Weights is null && architecture.Weights is not null)
            {
                (weights, architecture) = (architecture, weights);
            }

            using (architecture)
            {
                if (weights.Weights is null)
                {
                    throw new ModelFormatException(weights.Name, "an architecture without weights", "weights", "give the file that save_weights wrote");
                }

                return architecture.Config is null
                    ? throw new ModelFormatException(architecture.Name, "a file without architecture", "what model.to_json() wrote, or a whole model")
                    : Joined(weights, new ArchitectureConfig(architecture.Config, architecture.TrainingConfig, architecture.KerasVersion, architecture.Backend), architecture.Name);
            }
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file held by a stream, which the caller keeps open as long as the result is used.</summary>
    /// <param name="stream">The file, from the stream's beginning; one that cannot seek is read into memory.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What the file may take; <see cref="ReadLimits.Default"/> where null.</param>
    /// <exception cref="ModelFormatException">It is no Keras file, or damaged; the text says what it is.</exception>
    /// <exception cref="UnsupportedModelException">It uses something of its container that is not supported.</exception>
    /// <exception cref="ResourceLimitException">It asks for more than the limits allow.</exception>
    public static KerasFile Open(Stream stream, string name, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= ReadLimits.Default;
        Stream seekable = stream.CanSeek ? stream : InMemory(stream, name, limits);
        (FileForm form, byte[] head) = FileForms.Of(seekable);
        KerasFile file = form switch
        {
            FileForm.Hdf5 => FromHdf5(Hdf5File.Open(seekable, name, limits, leaveOpen: true), name, limits),
            FileForm.Zip => FromZip(ZipReader.Open(seekable, name, limits, leaveOpen: true), limits),
            FileForm.Safetensors => SafetensorsContainer.Read(seekable, name, limits),
            _ => FromText(form, head, seekable, name, folder: null, limits),
        };
        if (form is FileForm.Hdf5 or FileForm.Zip && file.Weights is { } weights)
        {
            weights.MayStay = true;
        }

        return file;
    }

    /// <summary>Opens a file or folder without looking for what lies beside it.</summary>
    internal static KerasFile OpenAlone(string path, ReadLimits limits, bool stays = false)
    {
        if (Directory.Exists(path))
        {
            return FolderContainer.Read(path, limits);
        }

        string name = Path.GetFileName(path);
        if (!File.Exists(path) && File.Exists(path + ".index"))
        {
            throw new ModelFormatException(name, "a TensorFlow checkpoint", "a Keras model", "build the model in Python, call load_weights, then model.save(\"model.keras\")");
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        (FileForm form, byte[] head) = FileForms.Of(stream);
        if (form == FileForm.Other && SavedModelContainer.IsPart(name) && Path.GetDirectoryName(Path.GetFullPath(path)) is { } savedModel)
        {
            return SavedModelContainer.Read(new PlainFolder(savedModel, limits), limits);
        }

        if (stays && form is (FileForm.Hdf5 or FileForm.Zip))
        {
            return Staying(path, name, limits);
        }

        return form switch
        {
            FileForm.Hdf5 => FromHdf5(Hdf5File.Open(path, limits), name, limits),
            FileForm.Zip => FromZip(ZipReader.Open(path, limits), limits),
            FileForm.Safetensors => SafetensorsContainer.Read(path, name, limits),
            _ => FromText(form, head, stream, name, Path.GetDirectoryName(Path.GetFullPath(path)), limits),
        };
    }

    private static KerasFile Staying(string path, string name, ReadLimits limits)
    {
        var file = new UnchangingFile(path);
        try
        {
            return Open(file, name, limits).Owning(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static KerasFile FromHdf5(Hdf5File hdf5, string name, ReadLimits limits)
    {
        try
        {
            return Hdf5Container.Read(hdf5, name, limits);
        }
        catch
        {
            hdf5.Dispose();
            throw;
        }
    }

    private static KerasFile FromZip(ZipReader zip, ReadLimits limits)
    {
        try
        {
            return ZipContainer.Read(zip, limits);
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    private static KerasFile FromText(FileForm form, byte[] head, Stream stream, string name, string? folder, ReadLimits limits) => form switch
    {
        FileForm.Json => TextContainer.ReadJson(TextContainer.ReadAll(stream, name, limits), name, folder, limits),
        FileForm.Yaml => TextContainer.ReadYaml(TextContainer.ReadAll(stream, name, limits), name, limits),
        FileForm.Gzip => TextContainer.ReadGzip(stream, name, folder, limits),
        _ => throw ForeignFile.Refuse(name, head, stream.Length),
    };

    /// <summary>The weights of one file under the architecture of another; the result closes the weights.</summary>
    private static KerasFile Joined(KerasFile weights, ArchitectureConfig architecture, string architectureName) => new KerasFile
    {
        Name = weights.Name,
        ArchitectureName = architectureName,
        Kind = weights.Kind,
        Config = architecture.Config,
        TrainingConfig = architecture.TrainingConfig,
        KerasVersion = architecture.KerasVersion ?? weights.KerasVersion,
        Backend = architecture.Backend ?? weights.Backend,
        Weights = weights.Weights,
        Assets = weights.Assets,
    }.Owning(weights);

    private static MemoryStream InMemory(Stream stream, string name, ReadLimits limits)
    {
        var memory = new MemoryStream();
        var buffer = new byte[1 << 16];
        long most = Math.Min(limits.MaxTotalBytes, Array.MaxLength);
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer))
        {
            memory.Write(buffer, 0, read);
            if (memory.Length > most)
            {
                throw new ResourceLimitException(name, "a stream that cannot seek and goes on", $"at most {most} bytes", "copy it into a file first");
            }
        }

        return memory;
    }
}
