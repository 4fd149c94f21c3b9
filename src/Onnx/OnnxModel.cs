using KerasCompat.Onnx.Model;
using KerasCompat.Onnx.Protobuf;
using KerasCompat.Protobuf;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx;

/// <summary>An ONNX model, ready to be written.</summary>
public sealed class OnnxModel
{
    /// <summary>A protobuf message may have no more bytes than this; larger models keep their weights in a second file.</summary>
    private const long LargestMessage = int.MaxValue - (16L << 20);

    /// <summary>Weights of fewer bytes stay in the model, where shapes are read from them.</summary>
    private const int SmallestExternal = 1024;

    private const int IrVersionField = 1, ProducerName = 2, ProducerVersion = 3, GraphField = 7, OpsetField = 8, MetadataField = 14;
    private const int OpsetDomain = 1, OpsetVersion = 2, EntryKey = 1, EntryValue = 2;

    /// <summary>The file format version that brought each opset.</summary>
    private static readonly (int Opset, int Version)[] FileVersions = [(26, 13), (25, 13), (24, 12), (23, 11), (21, 10), (19, 9), (15, 8), (13, 7)];

    private readonly OnnxGraph _graph;

    internal OnnxModel(OnnxGraph graph, int opset, IReadOnlyDictionary<string, string> metadata)
    {
        _graph = graph;
        Opset = opset;
        Metadata = metadata;
    }

    /// <summary>The version of the operator set.</summary>
    public int Opset { get; }

    /// <summary>What the model says about its origin, by key.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The operators of the graph in order, those in bodies of Scan and Loop after the node that holds them.</summary>
    public IReadOnlyList<string> Operators => [.. OperatorsOf(_graph)];

    /// <summary>Names of the inputs in order, states of stateful layers last.</summary>
    public IReadOnlyList<string> InputNames => [.. _graph.Inputs.Select(i => i.Name)];

    /// <summary>Names of the outputs in order, states of stateful layers last.</summary>
    public IReadOnlyList<string> OutputNames => [.. _graph.Outputs.Select(o => o.Name)];

    internal OnnxGraph Graph => _graph;

    /// <summary>What a written model says about its origin, by key. Its graph and weights are not read.</summary>
    /// <param name="stream">The file; seekable.</param>
    /// <param name="name">The file's name, for messages.</param>
    /// <exception cref="ModelFormatException">It is no ONNX file, or a damaged one.</exception>
    public static IReadOnlyDictionary<string, string> ReadMetadata(Stream stream, string name)
    {
        stream.Position = 0;
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        var model = new ProtoReader(stream, stream.Length, name, "an ONNX model");
        for (int field = model.NextField(); field != 0; field = model.NextField())
        {
            if (field != MetadataField)
            {
                continue;
            }

            string key = string.Empty, value = string.Empty;
            ProtoReader entry = model.Message();
            for (int part = entry.NextField(); part != 0; part = entry.NextField())
            {
                (key, value) = part switch
                {
                    EntryKey => (entry.Text(), value),
                    EntryValue => (key, entry.Text()),
                    _ => (key, value),
                };
            }

            entries[key] = value;
        }

        return entries;
    }

    /// <summary>A copy that says more about its origin.</summary>
    public OnnxModel WithMetadata(IEnumerable<KeyValuePair<string, string>> entries)
    {
        var all = new Dictionary<string, string>(Metadata, StringComparer.Ordinal);
        foreach ((string key, string value) in entries)
        {
            all[key] = value;
        }

        return new OnnxModel(_graph, Opset, all);
    }

    /// <summary>Writes the model with its weights.</summary>
    /// <param name="stream">Takes the file.</param>
    /// <param name="cancellationToken">Asked before each megabyte.</param>
    /// <exception cref="ResourceLimitException">It has 2 GB or more; see <see cref="Save(string, bool, string?, CancellationToken)"/>.</exception>
    /// <exception cref="OperationCanceledException">It is no longer wanted.</exception>
    public void Write(Stream stream, CancellationToken cancellationToken = default)
    {
        ProtoWriter writer = Message(_graph);
        if (writer.Length > LargestMessage)
        {
            throw new ResourceLimitException("model", $"{writer.Length:N0} bytes", $"at most {LargestMessage:N0} in one file", "write it with external data");
        }

        writer.CopyTo(stream, cancellationToken);
    }

    /// <summary>The model's bytes.</summary>
    /// <exception cref="ResourceLimitException">It has 2 GB or more.</exception>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        Write(stream);
        return stream.ToArray();
    }

    /// <summary>Writes the model to a file; a large one keeps its weights in a second file, <c>NAME.data</c>.</summary>
    /// <remarks>No file has its name before it is whole; of two the data come first.</remarks>
    /// <param name="path">The model's file.</param>
    /// <param name="external">True to use the second file for any model that has weights worth it (of a kilobyte and more).</param>
    /// <param name="dataName">The second file's name; the model's with <c>.data</c> unless told.</param>
    /// <param name="cancellationToken">Asked before each megabyte; a file that is there stays as it was.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It is no longer wanted.</exception>
    public void Save(string path, bool external = false, string? dataName = null, CancellationToken cancellationToken = default) =>
        Save(path, external, dataName, stream => stream, cancellationToken);

    /// <param name="path">The model's file.</param>
    /// <param name="external">True to use the second file for any model that has weights worth it.</param>
    /// <param name="dataName">The second file's name; null for the model's with <c>.data</c>.</param>
    /// <param name="through">What each file is written through: a stream that counts.</param>
    /// <param name="cancellationToken">Asked before each megabyte.</param>
    internal void Save(string path, bool external, string? dataName, Func<Stream, Stream> through, CancellationToken cancellationToken)
    {
        if (!_graph.Initializers.Any(IsLarge) || (!external && Message(_graph).Length <= LargestMessage))
        {
            WholeFile.Write(path, stream => Write(through(stream), cancellationToken));
            return;
        }

        string name = dataName ?? Path.GetFileName(path) + ".data";
        OnnxGraph graph = _graph;
        WholeFile.Write(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, name), data => graph = WithExternalData(through(data), name, cancellationToken));
        WholeFile.Write(path, model => Message(graph).CopyTo(through(model), cancellationToken));
    }

    /// <summary>Whether a weight may lie in a second file.</summary>
    private static bool IsLarge(OnnxTensor tensor) => tensor.Value.DType != DType.String && tensor.Value.Bytes.Length >= SmallestExternal;

    private OnnxGraph WithExternalData(Stream data, string name, CancellationToken cancellationToken)
    {
        var placed = new List<OnnxTensor>();
        foreach (OnnxTensor tensor in _graph.Initializers)
        {
            if (!IsLarge(tensor))
            {
                placed.Add(tensor);
                continue;
            }

            // ONNX recommends the size of a page, so that readers can map the file.
            data.SetLength((data.Position + 4095) / 4096 * 4096);
            data.Position = data.Length;
            placed.Add(tensor with { Place = new ExternalPlace(name, data.Position) });
            data.WritePieces(tensor.Value.Bytes, cancellationToken);
        }

        return _graph with { Initializers = placed };
    }

    private ProtoWriter Message(OnnxGraph graph)
    {
        var writer = new ProtoWriter();
        writer.Integer(IrVersionField, FileVersions.First(v => Opset >= v.Opset).Version);
        writer.Text(ProducerName, "KerasCompat");
        writer.Text(ProducerVersion, typeof(OnnxModel).Assembly.GetName().Version!.ToString(3));
        writer.Message(GraphField, graph.Write);
        Opsets(writer, string.Empty, Opset);
        if (_graph.Nodes.Any(n => n.Domain == OnnxDomain.MachineLearning))
        {
            Opsets(writer, OnnxDomain.MachineLearning, OnnxDomain.MachineLearningVersion);
        }

        foreach ((string key, string value) in Metadata)
        {
            writer.Message(MetadataField, entry =>
            {
                entry.Text(EntryKey, key);
                entry.Text(EntryValue, value);
            });
        }

        return writer;
    }

    private static void Opsets(ProtoWriter writer, string domain, int version) => writer.Message(OpsetField, opset =>
    {
        opset.Text(OpsetDomain, domain);
        opset.Integer(OpsetVersion, version);
    });

    private static IEnumerable<string> OperatorsOf(OnnxGraph graph) => graph.Nodes.SelectMany(n =>
        n.Attributes.Select(a => a.Value).OfType<OnnxGraph>().SelectMany(OperatorsOf).Prepend(n.Operator));
}
