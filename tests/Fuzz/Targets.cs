using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using KerasCompat.Containers;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Text;
using KerasCompat.Writers;
using KerasCompat.Zip;

namespace KerasCompat.Fuzz;

/// <summary>Every container this library reads, with every fixture of it that is not large.</summary>
internal static class Targets
{
    private const long LargestSeed = 192 << 10;

    /// <summary>What a server would allow a stranger's file.</summary>
    public static ReadLimits Limits { get; } = new()
    {
        MaxArrayBytes = 64 << 20, MaxTotalBytes = 128 << 20, MaxMetadataBytes = 32 << 20, MaxTextBytes = 4 << 20, MaxObjects = 100_000, MaxOperators = 20_000,
    };

    public static IReadOnlyList<Target> All { get; } =
    [
        new("HDF5", [.. Files("*.h5", "hdf5", "hdf5-bad"), .. Files("*.hdf5", "hdf5")], Hdf5, (bytes, name) => Hdf5Walk.Read(bytes, name, Limits)),
        new("Keras .h5", Files("*.h5", "keras1", "keras2", "tfkeras2", "keras3-layers", "keras3-graphs", "containers", "seeds", "refuse"), Hdf5, ReadModel),
        new("Keras .keras", Files("*.keras", "tfkeras2", "keras3-layers", "keras3-graphs", "containers", "seeds", "text", "refuse"), Members, ReadModel),
        new("zip", [.. Files("*.zip", "containers", "real"), .. Files("*.keras", "containers")], Archive, ReadZip),
        new("npz", Files("*.npz", "seeds", "keras1", "keras2", "tfkeras2", "keras3-layers", "text"), Members, ReadNpz),
        new("JSON and YAML", [.. Files("*.json", "architectures", "containers", "keras1", "keras2", "refuse", "real"), .. Files("*.yaml", "keras1"), .. Unpacked("architectures")], Text, ReadArchitecture),
        new("safetensors", Safetensors(), (seed, random) => random.Next(2) == 0 ? Mutation.Of(seed.Bytes, random) : WithHeader(seed.Bytes, random), ReadModel),
        new("TensorFlow.js", TensorFlowJs(), Text, ReadTensorFlowJs),
        new("SavedModel", SavedModels(), (seed, random) => random.Next(8) == 0 ? Archive(seed, random) : SavedModelMutation.Of(seed.Bytes, random), ReadModel),
        new("pickle", Files("*.pickle", "pickles"), (seed, random) => Mutation.Of(seed.Bytes, random), (bytes, name) => Pickle.Read(bytes, name, Limits)),
        new("tokenizer JSON", [.. Files("seeds-tokenizer*.json", "seeds"), .. Files("tokenizer*.json", "text")], Text, ReadTokenizer),
        new("word vectors", WordVectorFiles(), (seed, random) => Mutation.Of(seed.Bytes, random), ReadWordVectors),
    ];

    private static byte[] Hdf5(Seed seed, Random random) => Hdf5Mutation.Of(seed.Bytes, random, seed.Structures, seed.Configs);

    /// <summary>The archive as its writer left it, with changed bytes and right checksums.</summary>
    private static byte[] Archive(Seed seed, Random random)
    {
        byte[] bytes = Mutation.Of(seed.Bytes, random);
        if (bytes.Length == seed.Bytes.Length && random.Next(8) != 0)
        {
            ZipMutation.Mend(bytes, seed.Members);
        }

        return bytes;
    }

    private static byte[] Members(Seed seed, Random random) => random.Next(3) == 0 ? Archive(seed, random) : ZipMutation.Of(seed.Bytes, random, Member);

    /// <summary>Another JSON header with its right length before it.</summary>
    private static byte[] WithHeader(byte[] safetensors, Random random)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(safetensors);
        byte[] header = JsonMutation.Of(safetensors[sizeof(long)..(sizeof(long) + length)], random);
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. safetensors[(sizeof(long) + length)..]];
    }

    private static byte[] Text(Seed seed, Random random) => random.Next(4) == 0 ? Mutation.Of(seed.Bytes, random) : JsonMutation.Of(seed.Bytes, random);

    private static byte[] Member(string name, byte[] bytes, Random random) =>
        name.EndsWith(".json", StringComparison.Ordinal) && random.Next(4) > 0 ? JsonMutation.Of(bytes, random)
        : name.EndsWith(".h5", StringComparison.Ordinal) ? Hdf5Mutation.Of(bytes, random, Hdf5Mutation.Structures(bytes), Hdf5Mutation.Configs(bytes))
        : name.EndsWith(".npy", StringComparison.Ordinal) ? NpyMutation.Of(bytes, random)
        : Mutation.Of(bytes, random);

    private static void ReadModel(byte[] bytes, string name)
    {
        using KerasFile file = KerasFileReader.Open(new MemoryStream(bytes), name, Limits);
        ReadArrays(file);
        if (file.Config is not null && file.Weights is not null)
        {
            using KerasModel model = KerasModel.Load(file, new LoadOptions { Limits = Limits });
            model.Summary();
        }
    }

    private static void ReadArchitecture(byte[] bytes, string name)
    {
        using KerasFile file = KerasFileReader.Open(new MemoryStream(bytes), name, Limits);
        using KerasModel model = KerasModel.LoadArchitecture(file, new LoadOptions { Limits = Limits });
        model.Summary();
    }

    private static void ReadArrays(KerasFile file)
    {
        foreach (StoredArray array in file.Weights?.Arrays ?? [])
        {
            try
            {
                array.Read();
            }
            catch (KerasCompatException)
            {
                // The next array may be whole.
            }
        }
    }

    private static void ReadZip(byte[] bytes, string name)
    {
        using ZipReader zip = ZipReader.Open(new MemoryStream(bytes), name, Limits);
        foreach (ZipMember member in zip.Members)
        {
            try
            {
                member.ReadAll(Limits.MaxArrayBytes);
            }
            catch (KerasCompatException)
            {
                // The next member may be whole.
            }
        }
    }

    private static void ReadNpz(byte[] bytes, string name)
    {
        using Npz npz = Npz.Open(new MemoryStream(bytes), name, Limits);
        foreach (string array in npz.Names)
        {
            try
            {
                npz.TryRead(array, out _);
            }
            catch (KerasCompatException)
            {
                // The next array may be whole.
            }
        }
    }

    private static void ReadTokenizer(byte[] bytes, string name)
    {
        string text = Encoding.UTF8.GetString(bytes);
        Tokenizer.FromJson(text, limits: Limits);
        TextPipeline.FromJson($$$"""{"class_name": "TextPipeline", "tokenizer": {{{text}}}}""", Limits);
    }

    /// <summary>A model.json with its weights beside it, as a file on a disk.</summary>
    private static void ReadTensorFlowJs(byte[] bytes, string name) => InFolder(folder =>
    {
        File.WriteAllBytes(Path.Combine(folder, "model.json"), bytes);
        File.WriteAllBytes(Path.Combine(folder, "group1.bin"), new byte[64]);
        using KerasFile file = KerasFileReader.Open(folder, Limits);
        ReadArrays(file);
    });

    private static void ReadWordVectors(byte[] bytes, string name) => InFolder(folder =>
    {
        string path = Path.Combine(folder, "vectors");
        File.WriteAllBytes(path, bytes);
        foreach (KeyValuePair<string, float[]> _ in WordVectors.Read(path, Limits))
        {
        }
    });

    private static void InFolder(Action<string> use)
    {
        using var folder = new TemporaryFolder();
        use(folder.Path);
    }

    private static IReadOnlyList<Seed> Files(string pattern, params string[] suites) =>
    [
        .. suites.SelectMany(suite => Directory.EnumerateFiles(Path.Combine(Fixtures.Root, suite), pattern, SearchOption.AllDirectories))
            .Where(file => new FileInfo(file).Length is > 0 and <= LargestSeed)
            .Order(StringComparer.Ordinal)
            .Select(file => new Seed(Path.GetRelativePath(Fixtures.Root, file), () => File.ReadAllBytes(file))),
    ];

    private static IEnumerable<Seed> Unpacked(string suite) => Files("*.gz", suite).Select(seed => new Seed(seed.Name, () =>
    {
        var bytes = new MemoryStream();
        using var gzip = new GZipStream(new MemoryStream(seed.Bytes), CompressionMode.Decompress);
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    })).Where(seed => seed.Bytes.Length <= LargestSeed);

    /// <summary>The weights of a few models as this library writes them, with a model's config among the metadata.</summary>
    private static IReadOnlyList<Seed> Safetensors() =>
    [
        .. new[] { "seeds/seeds-embedding-keras-2.15.0.keras", "seeds/seeds-imdb-small-keras-3.15.1.keras" }.Select(file => new Seed(file + " as safetensors", () =>
        {
            using KerasModel model = KerasModel.Load(Path.Combine(Fixtures.Root, file));
            var stream = new MemoryStream();
            SafetensorsWriter.Write(model, stream);
            return stream.ToArray();
        })),
    ];

    private static IReadOnlyList<Seed> TensorFlowJs() =>
    [
        .. Files("*.json", "keras2").Where(f => f.Bytes.Length < 8192).Take(4).Select(architecture => new Seed(architecture.Name + " as model.json", () => Encoding.UTF8.GetBytes($$$"""
            {"format": "layers-model", "modelTopology": {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": {{{Encoding.UTF8.GetString(architecture.Bytes)}}}},
             "weightsManifest": [{"paths": ["group1.bin"], "weights": [
               {"name": "dense/kernel", "shape": [2, 2], "dtype": "float32"},
               {"name": "dense/bias", "shape": [3], "dtype": "float32", "quantization": {"dtype": "uint8", "min": -1.0, "scale": 0.5, "original_dtype": "float32"}},
               {"name": "lstm/kernel", "shape": [1], "dtype": "float32", "quantization": {"dtype": "float16"}},
               {"name": "words", "shape": [2], "dtype": "string"},
               {"name": "flags/f", "shape": [2], "dtype": "bool"}]}]}
            """))),
    ];

    /// <summary>The folders of tf.keras, zipped: what reads them reads the folders.</summary>
    private static IReadOnlyList<Seed> SavedModels() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Fixtures.Root, "savedmodel"), "keras_metadata.pb", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => Path.GetDirectoryName(file)!)
            .Select(folder => new Seed(Path.GetRelativePath(Fixtures.Root, folder), () => ZipMutation.Written(
                Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => (Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllBytes(file))),
                CompressionLevel.NoCompression))),
    ];

    private static IReadOnlyList<Seed> WordVectorFiles() =>
    [
        new("seeds/glove.txt", () => File.ReadAllBytes(Path.Combine(Fixtures.Root, "seeds", "glove.txt"))),
        new("word2vec text", () => Encoding.UTF8.GetBytes("2 3\nthe 0.5 -1 2e-3\ncat 1 2 3\n")),
        new("word2vec binary", () => [.. "2 2\nthe "u8, .. BitConverter.GetBytes(0.5f), .. BitConverter.GetBytes(-1f), .. "\ncat "u8, .. BitConverter.GetBytes(2f), .. BitConverter.GetBytes(3f), (byte)'\n']),
    ];
}
