using KerasCompat.Containers;
using KerasCompat.Convert.Commands;
using KerasCompat.Runtime;

namespace KerasCompat.Convert.Output;

/// <summary>The long work of a command: whether it is still wanted, and how far each stage of it has come.</summary>
/// <remarks>Every command asks and tells here and nowhere else, so that Ctrl+C and the bar hold for all of them.</remarks>
/// <param name="token">Asks to stop.</param>
/// <param name="terminal">Where bars are drawn; null for nowhere.</param>
/// <param name="patience">Stages shorter than this draw no bar; zero has every step drawn.</param>
/// <param name="inputShape">The input's shape of models that were never built.</param>
internal sealed class Work(CancellationToken token = default, TextWriter? terminal = null, TimeSpan? patience = null, IReadOnlyList<int?>? inputShape = null)
{
    /// <summary>Work that nobody watches and nobody stops.</summary>
    public static Work Unwatched { get; } = new();

    /// <summary>Asks to stop.</summary>
    public CancellationToken Token => token;

    /// <summary>The work of this process: Ctrl+C stops it, a terminal shows it.</summary>
    /// <param name="inputShape">The input's shape of models that were never built.</param>
    public static Work OfProcess(IReadOnlyList<int?>? inputShape = null) => new(Interruption.Token, Terminal.HasProgress ? Console.Error : null, inputShape: inputShape);

    /// <summary>How models are loaded, without a bar.</summary>
    public LoadOptions LoadOptions => Options(null);

    /// <summary>Begins a stage; it ends when the result is disposed of.</summary>
    /// <param name="what">What is done: <c>load model.h5</c>.</param>
    /// <param name="total">So many steps it has, where that is known.</param>
    /// <exception cref="OperationCanceledException">The work is no longer wanted.</exception>
    public Progress Begin(string what, long? total = null)
    {
        token.ThrowIfCancellationRequested();
        return new Progress(what, total, terminal, patience);
    }

    /// <summary>A stage that is done item by item.</summary>
    /// <exception cref="OperationCanceledException">The work is no longer wanted; asked before each item.</exception>
    public IEnumerable<T> Each<T>(string what, IReadOnlyCollection<T> items)
    {
        using Progress bar = Begin(what, items.Count);
        foreach (T item in items)
        {
            token.ThrowIfCancellationRequested();
            yield return item;
            bar.Advance(1);
        }
    }

    /// <summary>Loads a model, its weights from a second file where one is named.</summary>
    /// <inheritdoc cref="KerasModel.Load(string, LoadOptions?)"/>
    public KerasModel Load(string path, string? weights = null, Device? device = null)
    {
        using Progress bar = Begin(Loading(path), Progress.Whole);
        LoadOptions options = Options(bar, device);
        return weights is null ? KerasModel.Load(path, options) : KerasModel.Load(weights, path, options);
    }

    /// <summary>Opens a model's file, and a second one with the weights where one is named.</summary>
    /// <inheritdoc cref="KerasFileReader.Open(string, ReadLimits?)"/>
    public KerasFile Open(string path, string? weights = null)
    {
        ReadLimits limits = ReadLimits.Default with { CancellationToken = token };
        return weights is null ? KerasFileReader.Open(path, limits) : KerasFileReader.Open(weights, path, limits);
    }

    /// <summary>Loads a model of an opened file; an architecture alone too, where that will do.</summary>
    /// <inheritdoc cref="KerasModel.Load(KerasFile, LoadOptions?)"/>
    public KerasModel Load(KerasFile file, bool architectureWillDo = false, Device? device = null)
    {
        using Progress bar = Begin(Loading(file.Name), Progress.Whole);
        return architectureWillDo && file.Weights is null ? KerasModel.LoadArchitecture(file, Options(bar, device)) : KerasModel.Load(file, Options(bar, device));
    }

    /// <summary>Writes a file's bytes, of which there will be about so many.</summary>
    public void Write(string path, long bytes, Action<Stream> write)
    {
        using Progress bar = Begin(Writing(path), Progress.Whole);
        using var stream = new MeteredStream(File.Create(path), bytes, bar);
        write(stream);
    }

    /// <summary>What a bar says while a file is written.</summary>
    public static string Writing(string path) => $"write {Path.GetFileName(path)}";

    private static string Loading(string path) => $"load {Path.GetFileName(Path.TrimEndingDirectorySeparator(path))}";

    private LoadOptions Options(Progress? bar, Device? device = null) =>
        new() { CancellationToken = token, Progress = bar, Device = device ?? Device.Cpu, InputShape = inputShape };
}
