using KerasCompat.Containers;
using KerasCompat.Convert.Output;
using KerasCompat.Onnx;
using KerasCompat.OnnxRuntime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Export;

/// <summary>ONNX files that were written before.</summary>
internal static class OnnxFile
{
    /// <summary>True for a file that begins as ONNX files do.</summary>
    public static bool Is(string path)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using FileStream stream = File.OpenRead(path);
        return ForeignFile.IsOnnx(FileForms.Of(stream).Head);
    }

    /// <summary>Runs the self check that a file carries.</summary>
    /// <exception cref="ModelFormatException">It carries none, or is damaged.</exception>
    /// <exception cref="UnsupportedModelException">ONNX Runtime is not there, or refuses the file.</exception>
    public static IReadOnlyList<ArrayComparison> ReplaySelfCheck(string path, Work? work = null)
    {
        work ??= Work.Unwatched;
        string name = Path.GetFileName(path);
        using FileStream stream = File.OpenRead(path);
        IReadOnlyDictionary<string, string> metadata = OnnxModel.ReadMetadata(stream, name);
        return Running(name, remedy: null, () =>
        {
            using Progress bar = work.Begin("verify");
            using var session = new OnnxSession(path, threads: 1);
            return SelfCheck.Replay(name, metadata, inputs => session.Run(inputs, work.Token));
        });
    }

    /// <summary>Does work with ONNX Runtime; what it refuses is told as what is not supported.</summary>
    public static T Running<T>(string place, string? remedy, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (OnnxRuntimeException e)
        {
            throw new UnsupportedModelException(place, $"a model that ONNX Runtime {OnnxRuntimeLibrary.Version} refuses: {e.Message}", "one that it runs", remedy);
        }
    }
}
