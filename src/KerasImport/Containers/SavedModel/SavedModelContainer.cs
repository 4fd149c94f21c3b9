namespace KerasCompat.Containers;

/// <summary>
/// A folder that <c>model.save</c> of tf.keras wrote (TensorFlow 2.0 to 2.15), or a zip archive of it: <c>saved_model.pb</c> with the objects of
/// the model, Keras's JSON about them there or in <c>keras_metadata.pb</c>, and the weights as a checkpoint under <c>variables/</c>. Of the graphs
/// in it no more is read than learnt vocabularies.
/// </summary>
/// <remarks>tf_keras, <c>saving/legacy/saved_model/load.py</c> and <c>save.py</c>.</remarks>
internal static class SavedModelContainer
{
    /// <summary>The key of <see cref="KerasFile.Metadata"/> under which the version of TensorFlow stands.</summary>
    public const string TensorFlowVersion = "tensorflow_version";

    private const string Variables = "variables/variables";
    private const string TextFile = "saved_model.pbtxt";
    private const string SaveAgain = "load it in Python with the TensorFlow and Keras that wrote it, and save the Keras model with model.save(\"model.keras\")";
    private const string Expected = "a folder that model.save() of tf.keras wrote: saved_model.pb, keras_metadata.pb (from TensorFlow 2.5 on) and variables/";

    /// <summary>Attributes that only Keras's <c>ExportArchive</c> has, which <c>model.export()</c> leaves in the model's place.</summary>
    private static readonly string[] OfExport = ["_misc_assets", "_all_variables", "_endpoint_names", "_endpoint_signatures"];

    /// <summary>Attributes that models of Keras 3 have and those of tf.keras have not.</summary>
    private static readonly string[] OfKeras3 = ["_operations", "_tracked", "_build_shapes_dict"];

    /// <summary>Whether a file of this name is part of a SavedModel, and its folder the model.</summary>
    public static bool IsPart(string file) => file is SavedModelFile.Name or KerasMetadata.FileName or TextFile;

    /// <summary>Whether a path in an archive is that of a SavedModel's main file.</summary>
    public static bool IsModel(string path) => path == SavedModelFile.Name || path.EndsWith("/" + SavedModelFile.Name, StringComparison.Ordinal);

    /// <summary>Whether a folder is a SavedModel, or part of one.</summary>
    public static bool IsIn(ArchiveFolder folder) => folder.Has(SavedModelFile.Name) || folder.Has(KerasMetadata.FileName) || folder.Has(TextFile);

    /// <summary>Reads the folder; the result closes it. Where its variables are missing, it is an architecture.</summary>
    /// <exception cref="ModelFormatException">A part is damaged or missing, or it holds no Keras model; the text says what it holds.</exception>
    /// <exception cref="UnsupportedModelException">It holds a model of the author's own class, or something else that cannot be read.</exception>
    /// <exception cref="ResourceLimitException">It asks for more than the limits allow.</exception>
    public static KerasFile Read(ArchiveFolder folder, ReadLimits limits)
    {
        SavedModelFile model = ReadObjects(folder, limits);
        KerasMetadata metadata = folder.Has(KerasMetadata.FileName)
            ? KerasMetadata.OfFile(folder.Read(KerasMetadata.FileName, limits.MaxMetadataBytes), folder.Place(KerasMetadata.FileName), limits)
            : KerasMetadata.OfObjects(model.Objects, folder.Place(SavedModelFile.Name), limits);
        string? missing = new[] { SavedModelFile.Name, TensorBundle.IndexOf(Variables) }.FirstOrDefault(file => !folder.Has(file));
        if (!metadata.Has(0) || (model.Objects.Count == 0 && missing != SavedModelFile.Name))
        {
            throw NoModel(folder, model);
        }

        ArchitectureConfig architecture = SavedModelConfig.Read(model, metadata, folder, limits);
        TensorBundle? bundle = missing is null ? TensorBundle.Open(folder, Variables, limits) : null;
        try
        {
            var file = new KerasFile
            {
                Name = folder.Name,
                Kind = ContainerKind.SavedModel,
                Config = architecture.Config,
                TrainingConfig = architecture.TrainingConfig,
                KerasVersion = architecture.KerasVersion,
                Backend = architecture.Backend,
                Weights = bundle is null ? null : SavedModelWeights.Read(model.Objects, metadata, bundle, architecture.KerasVersion, limits),
                MissingWeights = missing,
                Metadata = model.TensorFlowVersion is { } version ? new Dictionary<string, string> { [TensorFlowVersion] = version } : [],
            };
            file.Owning(folder);
            return bundle is null ? file : file.Owning(bundle);
        }
        catch
        {
            bundle?.Dispose();
            throw;
        }
    }

    private static SavedModelFile ReadObjects(ArchiveFolder folder, ReadLimits limits)
    {
        if (!folder.Has(SavedModelFile.Name))
        {
            return folder.Has(KerasMetadata.FileName)
                ? SavedModelFile.Empty
                : throw new ModelFormatException(folder.Name, $"a SavedModel as text ({TextFile})", $"the same as bytes ({SavedModelFile.Name})", SaveAgain);
        }

        // No message of protobuf's that a model needs is text; what stands for a file that was not downloaded is.
        byte[] head = folder.Start(SavedModelFile.Name, ForeignFile.Head);
        if (FileForms.Text(head) is not null && ForeignFile.Find(head) is { } foreign)
        {
            throw new ModelFormatException(folder.Place(SavedModelFile.Name), foreign.What, "the objects of a SavedModel", foreign.Remedy);
        }

        using Stream stream = folder.OpenSeekable(SavedModelFile.Name);
        return SavedModelFile.Read(stream, folder.Place(SavedModelFile.Name), limits);
    }

    /// <summary>The error for a folder in which nothing is said of a Keras model.</summary>
    private static ModelFormatException NoModel(ArchiveFolder folder, SavedModelFile file)
    {
        string writer = file.TensorFlowVersion is { } version ? $" of TensorFlow {version}" : string.Empty;
        SavedObject? root = file.Objects.Count > 0 ? file.Objects[0] : null;
        bool Holds(string[] attributes) => root?.Children.Any(child => attributes.Contains(child.Name)) == true;
        (string found, string remedy) = root switch
        {
            _ when Holds(OfExport) =>
                ($"a SavedModel{writer} that Keras's model.export() wrote: a TensorFlow graph for serving, without the Keras config", "save the Keras model itself: model.save(\"model.keras\")"),
            _ when Holds(OfKeras3) =>
                ($"a SavedModel{writer} that tf.saved_model.save() wrote of a model of Keras 3: a TensorFlow graph, without the Keras config", "save the Keras model itself: model.save(\"model.keras\")"),
            { Identifier: var identifier } when KerasMetadata.IsLayer(identifier) =>
                ($"a SavedModel{writer} of a Keras model without {KerasMetadata.FileName}: the file was not copied, or tf.saved_model.save() wrote the folder", $"copy {KerasMetadata.FileName} too; where there is none, {SaveAgain}"),
            null => ($"a SavedModel{writer} without objects, as TensorFlow 1 wrote it: a TensorFlow graph, without the Keras config", SaveAgain),
            _ when file.Objects.Any(saved => KerasMetadata.IsLayer(saved.Identifier)) =>
                ($"a SavedModel{writer} of an object of the author's that holds a Keras model: a TensorFlow graph, without the Keras config", SaveAgain),
            _ => ($"a SavedModel{writer} that holds no Keras model: a TensorFlow graph", "where it was made of a Keras model, save that with model.save(\"model.keras\")"),
        };
        return new ModelFormatException(folder.Name, found, Expected, remedy);
    }
}
