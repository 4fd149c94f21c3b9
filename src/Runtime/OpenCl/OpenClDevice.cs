namespace KerasCompat.Runtime.OpenCl;

/// <summary>A device of an OpenCL driver: a GPU of any maker, an accelerator, or a CPU under PoCL.</summary>
internal sealed class OpenClDevice : Device
{
    private static readonly Lazy<OpenClDevice[]> All = new(Find);
    /// <summary>PoCL keeps what it compiled by itself, and telling it costs a second compilation.</summary>
    private const string PlatformWithCache = "Portable Computing Language";

    private static readonly OpenClOptions Default = new();

    private readonly Func<DeviceProperties, string?, OpenClContext> _newContext;
    private readonly Lazy<OpenClContext> _context;

    private OpenClDevice(OpenClApi api, nint handle, string platform, int number)
    {
        Properties = DeviceProperties.Read(api, handle);
        Description = new DeviceDescription(
            $"opencl:{number}", Properties.Name, $"{platform}, {Properties.Driver}", Properties.IsGpu ? "GPU" : Properties.IsCpu ? "CPU" : "accelerator", Properties.MemoryBytes, Properties.HasDouble);
        _newContext = (properties, kernels) => new OpenClContext(api, handle, properties, platform, kernels);
        _context = new Lazy<OpenClContext>(() => NewContext(Properties, platform == PlatformWithCache ? null : KernelCache.DefaultDirectory));
        Options = Default;
    }

    private OpenClDevice(OpenClDevice device, OpenClOptions options)
    {
        Properties = device.Properties;
        Description = device.Description;
        _newContext = device._newContext;
        _context = device._context;
        Options = options;
    }

    /// <summary>The devices of this machine, GPUs first.</summary>
    public static IReadOnlyList<OpenClDevice> Devices => All.Value;

    /// <summary>Why there is no device; null where there is one.</summary>
    public static string? Reason => OpenClLibrary.Reason ?? (Devices.Count == 0 ? "the OpenCL library knows no device: no driver is installed" : null);

    public override string Name => string.Join(
        ' ',
        [
            Description.Name,
            .. Options.Storage == Default.Storage ? (string[])[] : [Options.Storage.Name()],
            .. Options.Products == Default.Products ? (string[])[] : [$"{Options.Products}".ToLowerInvariant()],
        ]);

    public DeviceDescription Description { get; }

    public DeviceProperties Properties { get; }

    /// <summary>How it keeps and computes models.</summary>
    public OpenClOptions Options { get; }

    /// <summary>The device made ready, once for the process.</summary>
    public OpenClContext Context => _context.Value;

    /// <summary>The device taken for one of other properties: a GPU's kernels run on a CPU too, and a smaller memory is sooner full.</summary>
    /// <param name="properties">What it is taken for.</param>
    /// <param name="kernels">The directory of compiled kernels; null for none.</param>
    public OpenClContext NewContext(DeviceProperties properties, string? kernels = null) => _newContext(properties, kernels);

    /// <summary>The same device, in the same context, with other options.</summary>
    /// <exception cref="ArgumentException">There is no such storage.</exception>
    /// <exception cref="UnsupportedModelException">CLBlast is asked for and not there.</exception>
    public OpenClDevice With(OpenClOptions options)
    {
        if (options.Storage is not (DType.Float32 or DType.Float16))
        {
            throw new ArgumentException($"Weights are kept as float32 or float16, not as {options.Storage.Name()}.", nameof(options));
        }

        return options.Products != MatrixProducts.ClBlast || ClBlastLibrary.Reason is not { } reason
            ? new OpenClDevice(this, options)
            : throw new UnsupportedModelException(
                "CLBlast", reason, "its library", $"install it (Debian: libclblast1), put its path into {ClBlastLibrary.PathVariable}, or leave products to this library's kernels");
    }

    public override IExecutable Prepare(Graph graph) => new OpenClExecutable(graph, Context, Options);

    private static OpenClDevice[] Find()
    {
        if (OpenClLibrary.Api is not { } api)
        {
            return [];
        }

        return [.. api.Devices().OrderByDescending(d => DeviceProperties.Read(api, d.Device).IsGpu).Select((d, number) => new OpenClDevice(api, d.Device, d.Platform, number))];
    }
}
